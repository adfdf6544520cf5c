import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError } from "../checkpoint-error.js";

/** Where a zip archive's directory lies and how many members it lists. */
export interface EndRecord {
  readonly members: number;
  /** The directory's bytes, `[from, to)` of the archive. */
  readonly from: number;
  readonly to: number;
}

/** The last bytes of a file, and where they begin. */
interface Tail {
  readonly at: number;
  readonly view: DataView;
}

const endSize = 22;
const longestComment = 0xffff;
const locatorSize = 20;
const zip64Size = 56;
const endSignature = 0x06054b50;
const locatorSignature = 0x07064b50;
const zip64Signature = 0x06064b50;

/**
 * Finds and reads the record at the end of a zip archive, and the larger one of zip64 that it may send to.
 *
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT §4.3.14 to 4.3.16
 *
 * @throws CheckpointError `truncated` where there is no such record, `malformed` where it lies, `unsupported` for an
 * archive in several files.
 */
export async function readEndRecord(bytes: ByteSource, signal?: AbortSignal): Promise<EndRecord> {
  const length = Math.min(bytes.size, endSize + longestComment + locatorSize + zip64Size);
  const content = new Uint8Array(length);
  await bytes.read(bytes.size - length, content, signal);
  const tail = { at: bytes.size - length, view: new DataView(content.buffer) };
  const at = findEnd(tail.view);
  if (at === undefined) {
    const advice = "was it cut short?";
    throw new CheckpointError("truncated", `${bytes.label}: the directory at the end of a zip is not there; ${advice}`);
  }
  const small = readSmall(tail, at, bytes.label);
  const isLocated = at >= locatorSize && tail.view.getUint32(at - locatorSize, true) === locatorSignature;
  const record = isLocated ? await readZip64(bytes, tail, at - locatorSize, signal) : small;
  if (isLocated) checkAgreement(small, record, bytes.label);
  const end = isLocated ? record.end : tail.at + at;
  if (record.from + record.length !== end) {
    const found = `bytes [${record.from}, ${record.from + record.length})`;
    throw malformed(
      bytes.label,
      `the directory should end at byte ${end}, where its end record is, but takes ${found}`,
    );
  }
  return { members: record.members, from: record.from, to: end };
}

/** What a record says, and where it begins. */
interface Stated {
  readonly members: number;
  readonly from: number;
  readonly length: number;
  readonly end: number;
}

/** The last place where an end record's signature stands and its comment reaches just to the end of the file. */
function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - endSize; at >= 0; at--) {
    if (view.getUint32(at, true) !== endSignature) continue;
    if (at + endSize + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return undefined;
}

function readSmall({ at: start, view }: Tail, at: number, label: string): Stated {
  const [disk, directoryDisk] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
  const [here, members] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const isOne = (number: number) => number === 0 || number === 0xffff;
  if (!isOne(disk) || !isOne(directoryDisk) || here !== members) throw severalFiles(label);
  const [length, from] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  return { members, from, length, end: start + at };
}

async function readZip64(bytes: ByteSource, tail: Tail, locator: number, signal?: AbortSignal): Promise<Stated> {
  const { label } = bytes;
  const { view } = tail;
  if (view.getUint32(locator + 4, true) !== 0 || view.getUint32(locator + 16, true) > 1) throw severalFiles(label);
  const at = Number(view.getBigUint64(locator + 8, true));
  if (at + zip64Size > tail.at + locator) throw malformed(label, `there is no room for a zip64 record at byte ${at}`);
  const content = new Uint8Array(zip64Size);
  await bytes.read(at, content, signal);
  const record = new DataView(content.buffer);
  const long = (offset: number) => Number(record.getBigUint64(offset, true));
  if (record.getUint32(0, true) !== zip64Signature) throw malformed(label, `there is no zip64 record at byte ${at}`);
  if (at + 12 + long(4) !== tail.at + locator) throw malformed(label, "the zip64 record does not end at its locator");
  if (record.getUint32(16, true) !== 0 || record.getUint32(20, true) !== 0 || long(24) !== long(32)) {
    throw severalFiles(label);
  }
  return { members: long(32), from: long(48), length: long(40), end: at };
}

/** The small record must say the same, or that its fields are too small to say it. */
function checkAgreement(small: Stated, large: Stated, label: string): void {
  const agrees = (stated: number, most: number, truth: number) => stated === most || stated === truth;
  if (
    agrees(small.members, 0xffff, large.members) &&
    agrees(small.length, 0xffffffff, large.length) &&
    agrees(small.from, 0xffffffff, large.from)
  ) {
    return;
  }
  throw malformed(label, "its two end records contradict each other");
}

function severalFiles(label: string): CheckpointError {
  return new CheckpointError("unsupported", `${label} is part of an archive in several files; join them first`);
}

function malformed(label: string, problem: string): CheckpointError {
  return new CheckpointError("malformed", `${label}: ${problem}`);
}
