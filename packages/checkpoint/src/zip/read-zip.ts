import { BlockCollector } from "../bytes/block-collector.js";
import type { ByteSource } from "../bytes/byte-source.js";
import { unpackedChunks } from "../bytes/unpacked-chunks.js";
import { windowBytes } from "../bytes/window-bytes.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import { type DirectoryEntry, localHeaderSize, readDirectory } from "./central-directory.js";
import { crc32 } from "./crc32.js";
import { readEndRecord } from "./end-record.js";

/** A file in a zip archive. */
export interface ZipMember {
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Where in the archive its header begins, which its bytes follow. */
  readonly from: number;
  /** Whether its bytes lie in the archive as they are. */
  readonly isStored: boolean;
  /**
   * The member's bytes: a window of the archive where they are stored, else unpacked to memory and their checksum
   * compared.
   *
   * @throws CheckpointError `malformed`; `limit` where unpacking would take more memory than allowed.
   */
  open(signal?: AbortSignal): Promise<ByteSource>;
  /**
   * The first bytes, or all there are; no more is unpacked than they take. Their checksum is not compared.
   * @param archive its bytes, where some are at hand already
   */
  start(length: number, archive: ByteSource, signal?: AbortSignal): Promise<Uint8Array>;
}

/** The most bytes a compressed file may unpack to, unless the caller says otherwise: 2 GiB. */
export const defaultUnpackLimit = 2 ** 31;

// Deflate's shortest code, 2 bits, stands for its longest match, 258 bytes.
const steepestDeflate = 1032;

/** Whether a file that begins so is a zip archive, be it one without members. */
export function isZip(start: Uint8Array): boolean {
  if (start.length < 4 || start[0] !== 0x50 || start[1] !== 0x4b) return false;
  return (start[2] === 3 && start[3] === 4) || (start[2] === 5 && start[3] === 6);
}

/**
 * The files in a zip archive by name, from its directory, in the order of their bytes; of the rest nothing is read until
 * a member is opened. Names are as they stand in the archive: whoever takes them for paths checks them. Does not close
 * the bytes.
 *
 * @param unpackLimit the most bytes that a compressed member may unpack to
 * @throws CheckpointError `truncated`, `malformed`, or `unsupported` (see {@link readDirectory}).
 */
export async function readZip(
  bytes: ByteSource,
  signal?: AbortSignal,
  unpackLimit = defaultUnpackLimit,
): Promise<ReadonlyMap<string, ZipMember>> {
  const end = await readEndRecord(bytes, signal);
  const entries = await readDirectory(bytes, end, signal);
  return new Map(entries.map((entry) => [entry.name, memberOf(bytes, entry, unpackLimit)]));
}

function memberOf(bytes: ByteSource, entry: DirectoryEntry, unpackLimit: number): ZipMember {
  const { name, size, from, method } = entry;
  return {
    name,
    size,
    from,
    isStored: method === "stored",
    async open(signal) {
      if (method === "deflated") checkSize(entry, unpackLimit, bytes.label);
      const packed = await packedBytes(bytes, entry, signal);
      return method === "stored" ? packed : inflate(packed, entry, signal);
    },
    async start(length, archive, signal) {
      const packed = await packedBytes(archive, entry, signal);
      const start = new Uint8Array(Math.min(length, size));
      if (method === "stored") await packed.read(0, start, signal);
      else await inflateStart(packed, start, signal);
      return start;
    },
  };
}

/** Before anything is unpacked: what is stated must be allowed, and possible. */
function checkSize({ name, size, packedSize }: DirectoryEntry, unpackLimit: number, label: string): void {
  const member = `${label}: ${quoted(name)}`;
  if (size > steepestDeflate * packedSize) {
    throw new CheckpointError("malformed", `${member}: ${packedSize} bytes cannot unpack to ${size}`);
  }
  if (size > unpackLimit) {
    const remedy = "raise unpackLimit, or unpack it to disk";
    throw new CheckpointError(
      "limit",
      `${member} unpacks to ${size} bytes, where ${unpackLimit} are allowed; ${remedy}`,
    );
  }
}

/** A member's bytes as they lie in the archive. Where exactly, its local header says. */
async function packedBytes(bytes: ByteSource, entry: DirectoryEntry, signal?: AbortSignal): Promise<ByteSource> {
  const header = new Uint8Array(localHeaderSize + entry.nameBytes.length);
  await bytes.read(entry.from, header, signal);
  const view = new DataView(header.buffer);
  const label = `${bytes.label}: ${quoted(entry.name)}`;
  checkLocalHeader(header, entry, label);
  const from = entry.from + header.length + view.getUint16(28, true);
  if (from + entry.packedSize > entry.to) {
    throw new CheckpointError("malformed", `${label} reaches into what follows it at byte ${entry.to}`);
  }
  return windowBytes(bytes, from, from + entry.packedSize, label);
}

/** The header before the data must say what the directory says; APPNOTE §4.3.7 and, for what may be left open, §4.4.4. */
function checkLocalHeader(header: Uint8Array, entry: DirectoryEntry, label: string): void {
  const view = new DataView(header.buffer);
  const isOpen = (view.getUint16(6, true) & 8) !== 0;
  const agrees = (offset: number, truth: number) => {
    const stated = view.getUint32(offset, true);
    return stated === truth || (isOpen && stated === 0);
  };
  const isSize = (offset: number, truth: number) =>
    view.getUint32(offset, true) === 0xffffffff || agrees(offset, truth);
  const sound =
    view.getUint32(0, true) === 0x04034b50 &&
    view.getUint16(8, true) === (entry.method === "stored" ? 0 : 8) &&
    view.getUint16(26, true) === entry.nameBytes.length &&
    entry.nameBytes.every((byte, i) => header[localHeaderSize + i] === byte) &&
    agrees(14, entry.crc) &&
    isSize(18, entry.packedSize) &&
    isSize(22, entry.size);
  if (sound) return;
  throw new CheckpointError("malformed", `${label}: the header at byte ${entry.from} says other than the directory`);
}

async function inflate(packed: ByteSource, entry: DirectoryEntry, signal?: AbortSignal): Promise<ByteSource> {
  const unpacked = new BlockCollector();
  let crc = 0;
  for await (const chunk of unpackedChunks(packed, "deflate-raw", signal)) {
    if (unpacked.size + chunk.length > entry.size) {
      throw new CheckpointError("malformed", `${packed.label} unpacks to more than the ${entry.size} bytes it states`);
    }
    unpacked.add(chunk);
    crc = crc32(chunk, crc);
  }
  if (unpacked.size < entry.size) {
    const problem = `unpacks to ${unpacked.size} bytes, where it states ${entry.size}`;
    throw new CheckpointError("malformed", `${packed.label} ${problem}`);
  }
  if (crc !== entry.crc) {
    throw new CheckpointError("malformed", `${packed.label}: the checksum of its bytes is wrong; is the file damaged?`);
  }
  return unpacked.finish(packed.label);
}

async function inflateStart(packed: ByteSource, start: Uint8Array, signal?: AbortSignal): Promise<void> {
  let done = 0;
  for await (const chunk of unpackedChunks(packed, "deflate-raw", signal)) {
    const part = chunk.subarray(0, start.length - done);
    start.set(part, done);
    done += part.length;
    if (done === start.length) return;
  }
  if (done < start.length) throw new CheckpointError("malformed", `${packed.label} unpacks to ${done} bytes, not more`);
}
