import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError } from "../checkpoint-error.js";
import { blockEntries, compareBytes, type TableEntry } from "./block.js";
import { crc32c, maskedChecksum } from "./crc32c.js";
import { Cursor } from "./cursor.js";
import { decompressSnappy } from "./snappy.js";
import { footerSize, tableMagic, trailerSize } from "./table-format.js";

/** A stretch of the file that holds a block; its trailer follows. */
interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}

// Of a table's file, and of its blocks and keys once they are decompressed and written out. An index of BERT-large with
// an optimizer's slots has 100 kB.
const largestTable = 64 * 2 ** 20;

// And never more than so many times the file: 21 is the most that Snappy can, and real keys repeat less.
const mostExpansion = 64;

/**
 * The entries of a sorted table (LevelDB's format, as TensorFlow writes it), in the order of their keys. Checksums and
 * order are checked as it goes; one block is in memory at a time.
 *
 * Format: https://github.com/google/leveldb/blob/main/doc/table_format.md
 *
 * @throws CheckpointError `truncated`, `malformed`, `limit`, or `unsupported` for an unknown compression.
 */
export async function* tableEntries(bytes: ByteSource, signal?: AbortSignal): AsyncGenerator<TableEntry> {
  const { label, size } = bytes;
  if (size > largestTable) {
    throw new CheckpointError("limit", `${label}: an index of ${size} bytes, where at most ${largestTable} are read`);
  }
  const budget = new Budget(Math.min(size * mostExpansion, largestTable), label);
  const indexHandle = await readFooter(bytes, signal);
  const index = await readBlock(bytes, indexHandle, budget, signal);
  let last: Uint8Array | undefined;
  let end = 0;
  for (const { key: bound, value } of blockEntries(index, `${label}: the table's index`)) {
    budget.spend(bound.length);
    const handle = readHandle(new Cursor(value, `${label}: the table's index`), bytes);
    // So that no block counts twice, however often it is named.
    if (handle.offset < end)
      throw new CheckpointError("malformed", `${label}: blocks that overlap or are out of order`);
    end = handle.offset + handle.size + trailerSize;
    const block = await readBlock(bytes, handle, budget, signal);
    for (const entry of blockEntries(block, `${label}: the block at byte ${handle.offset}`)) {
      budget.spend(entry.key.length);
      if (last !== undefined && compareBytes(last, entry.key) >= 0) {
        throw new CheckpointError("malformed", `${label}: keys that are out of order or there twice`);
      }
      last = entry.key;
      yield entry;
    }
  }
}

/** How many bytes may yet be made of a file. */
class Budget {
  #spent = 0;

  constructor(
    readonly most: number,
    readonly label: string,
  ) {}

  get left(): number {
    return this.most - this.#spent;
  }

  spend(count: number): void {
    this.#spent += count;
    if (this.#spent <= this.most) return;
    throw new CheckpointError("limit", `${this.label}: its blocks and keys would take more than ${this.most} bytes`);
  }
}

async function readFooter(bytes: ByteSource, signal: AbortSignal | undefined): Promise<BlockHandle> {
  const { label, size } = bytes;
  if (size < footerSize) {
    const wanted = `a TensorFlow index has ${footerSize} bytes or more`;
    throw new CheckpointError("truncated", `${label}: ${wanted}, not ${size}`);
  }
  const footer = new Uint8Array(footerSize);
  await bytes.read(size - footerSize, footer, signal);
  if (new DataView(footer.buffer).getBigUint64(footerSize - 8, true) !== tableMagic) {
    const problem = "it does not end as a TensorFlow index does; it is cut off, or something else";
    throw new CheckpointError("malformed", `${label}: ${problem}`);
  }
  const cursor = new Cursor(footer.subarray(0, footerSize - 8), `${label}: footer`);
  readHandle(cursor, bytes); // of the table of tables, which is empty
  return readHandle(cursor, bytes);
}

function readHandle(cursor: Cursor, { size: fileSize }: ByteSource): BlockHandle {
  const offset = cursor.varint();
  const size = cursor.varint();
  if (offset + size + trailerSize > fileSize - footerSize) {
    const problem = `a block of ${size} bytes at byte ${offset} of a file of ${fileSize}`;
    throw new CheckpointError("malformed", `${cursor.label}: ${problem}`);
  }
  return { offset, size };
}

async function readBlock(
  bytes: ByteSource,
  { offset, size }: BlockHandle,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const label = `${bytes.label}: the block at byte ${offset}`;
  const stored = new Uint8Array(size + trailerSize);
  await bytes.read(offset, stored, signal);
  const checksum = new DataView(stored.buffer).getUint32(size + 1, true);
  if (maskedChecksum(crc32c(stored.subarray(0, size + 1))) !== checksum) {
    throw new CheckpointError("malformed", `${label}: its checksum is wrong; the file is damaged`);
  }
  const content = stored.subarray(0, size);
  const block = stored[size] === 0 ? content : decompress(stored[size]!, content, budget.left, label);
  budget.spend(block.length);
  return block;
}

function decompress(compression: number, content: Uint8Array, most: number, label: string): Uint8Array {
  if (compression === 1) return decompressSnappy(content, most, label);
  const known = "only none (0) and Snappy (1) are read";
  throw new CheckpointError("unsupported", `${label}: it is compressed by method ${compression}; ${known}`);
}
