import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { EndRecord } from "./end-record.js";

/** What the directory of a zip archive says of a member. */
export interface DirectoryEntry {
  readonly name: string;
  /** The name as its local header must repeat it. */
  readonly nameBytes: Uint8Array;
  readonly method: "stored" | "deflated";
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header begins, and the byte before which its data must end. */
  readonly from: number;
  readonly to: number;
}

/** Sizes and place of a member. */
interface Extent {
  readonly size: number;
  readonly packedSize: number;
  readonly from: number;
}

/** An entry as read, before it is known where the next begins. */
type PlacedEntry = Omit<DirectoryEntry, "to">;

const headerSize = 46;
const signature = 0x02014b50;
const tooSmall = 0xffffffff;
// The directory of 500,000 members: no checkpoint has more, and it is held in memory.
const largestDirectory = 64 * 2 ** 20;
/** Bytes of a local header without name and extra fields. */
export const localHeaderSize = 30;

/**
 * Reads the directory of a zip archive: all members but folders, in the order of their bytes. No two have one name,
 * none overlaps another or the directory.
 *
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT §4.3.12
 *
 * @throws CheckpointError `malformed`; `unsupported` for what is encrypted, compressed otherwise than by deflate, or no
 * file (a link, say).
 */
export async function readDirectory(
  bytes: ByteSource,
  end: EndRecord,
  signal?: AbortSignal,
): Promise<readonly DirectoryEntry[]> {
  const { label } = bytes;
  const length = end.to - end.from;
  if (length > largestDirectory) {
    throw new CheckpointError("limit", `${label}: a directory of ${length} bytes, where ${largestDirectory} are read`);
  }
  if (end.members * headerSize > length) {
    throw malformed(label, `${end.members} members do not fit a directory of ${length} bytes`);
  }
  const directory = new Uint8Array(length);
  await bytes.read(end.from, directory, signal);
  const entries: PlacedEntry[] = [];
  let at = 0;
  for (let i = 0; i < end.members; i++) {
    const header = headerAt(directory, at, label);
    entries.push(readEntry(header, label));
    at += header.length;
  }
  if (at !== length) throw malformed(label, `${length - at} bytes follow the last member in its directory`);
  checkNames(entries, label);
  return placed(entries, end.from, label).filter(({ name }) => !name.endsWith("/"));
}

/** One header with its name, extra fields and comment. */
function headerAt(directory: Uint8Array, at: number, label: string): Uint8Array {
  const view = new DataView(directory.buffer, directory.byteOffset + at);
  if (view.byteLength < headerSize || view.getUint32(0, true) !== signature) {
    throw malformed(label, `there is no member at byte ${at} of its directory`);
  }
  const length = headerSize + view.getUint16(28, true) + view.getUint16(30, true) + view.getUint16(32, true);
  if (length > view.byteLength) throw malformed(label, `the directory ends inside of the member at its byte ${at}`);
  return directory.subarray(at, at + length);
}

function readEntry(header: Uint8Array, label: string): PlacedEntry {
  const view = viewOf(header);
  const nameEnd = headerSize + view.getUint16(28, true);
  const nameBytes = header.subarray(headerSize, nameEnd);
  const name = decodeName(nameBytes, label);
  const member = `${label}: ${quoted(name)}`;
  checkKind(view, name, member);
  const extra = header.subarray(nameEnd, nameEnd + view.getUint16(30, true));
  const extent = readExtent(view, extra, member);
  const method = methodOf(view.getUint16(10, true), member);
  if (method === "stored" && extent.size !== extent.packedSize) {
    throw malformed(member, `stored, but ${extent.packedSize} bytes for ${extent.size}`);
  }
  if (name.endsWith("/") && extent.size > 0) throw malformed(member, "a folder, but it has bytes");
  return { name, nameBytes, method, crc: view.getUint32(16, true), ...extent };
}

function decodeName(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const problem = "the name of a member is not UTF-8, the only spelling of names that is read";
    throw new CheckpointError("unsupported", `${label}: ${problem}`, { cause: error });
  }
}

function checkKind(view: DataView, name: string, member: string): void {
  const flags = view.getUint16(8, true);
  if ((flags & 0x2041) !== 0) throw new CheckpointError("unsupported", `${member} is encrypted; decrypt it first`);
  const disk = view.getUint16(34, true);
  if (disk !== 0 && disk !== 0xffff) {
    throw new CheckpointError("unsupported", `${member} is in another file of an archive in several; join them first`);
  }
  // Made on Unix (3) or macOS (19), the upper half of the attributes is the file's mode.
  const host = view.getUint16(4, true) >> 8;
  const type = host === 3 || host === 19 ? (view.getUint32(38, true) >>> 16) & 0o170000 : 0;
  const isExpected = type === 0 || type === (name.endsWith("/") ? 0o040000 : 0o100000);
  if (!isExpected) throw new CheckpointError("unsupported", `${member} is a link or device; only files are read`);
}

/** Sizes and offset; what does not fit 32 bits is in the extra field of zip64 (§4.5.3), in this order. */
function readExtent(view: DataView, extra: Uint8Array, member: string): Extent {
  const large = zip64Field(extra);
  let at = 0;
  const number = (offset: number) => {
    const small = view.getUint32(offset, true);
    if (small !== tooSmall) return small;
    if (large === undefined || at + 8 > large.byteLength) throw malformed(member, "a size is missing");
    at += 8;
    return Number(large.getBigUint64(at - 8, true));
  };
  const size = number(24);
  const packedSize = number(20);
  return { size, packedSize, from: number(42) };
}

function zip64Field(extra: Uint8Array): DataView | undefined {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > extra.length) return undefined;
    if (view.getUint16(at, true) === 1) return viewOf(extra.subarray(at + 4, end));
    at = end;
  }
  return undefined;
}

function methodOf(method: number, member: string): DirectoryEntry["method"] {
  if (method === 0) return "stored";
  if (method === 8) return "deflated";
  const known = "only stored and deflated members are read; pack it again";
  throw new CheckpointError("unsupported", `${member} is compressed by method ${method}; ${known}`);
}

function checkNames(entries: readonly PlacedEntry[], label: string): void {
  const names = new Set<string>();
  for (const { name } of entries) {
    if (names.has(name)) throw malformed(label, `two members are called ${quoted(name)}`);
    names.add(name);
  }
}

/** In the order of their bytes, each up to where the next begins; the last up to the directory. */
function placed(entries: readonly PlacedEntry[], directoryStart: number, label: string): DirectoryEntry[] {
  const ordered = [...entries].sort((left, right) => left.from - right.from);
  return ordered.map((entry, i) => {
    const to = ordered[i + 1]?.from ?? directoryStart;
    const least = entry.from + localHeaderSize + entry.nameBytes.length + entry.packedSize;
    if (least <= to) return { ...entry, to };
    const neighbour = i + 1 < ordered.length ? quoted(ordered[i + 1]!.name) : "the directory";
    throw malformed(label, `${quoted(entry.name)} reaches at least to byte ${least}, into ${neighbour} at byte ${to}`);
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function malformed(label: string, problem: string): CheckpointError {
  return new CheckpointError("malformed", `${label}: ${problem}`);
}
