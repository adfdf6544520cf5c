import { sharedPrefix, type TableEntry } from "./block.js";
import { crc32c, maskedChecksum } from "./crc32c.js";
import { footerSize, tableMagic, trailerSize } from "./table-format.js";

// As TensorFlow's TableBuilder has them.
const blockSize = 2 ** 18;
const entriesBetweenRestarts = 16;

/** A sorted table without compression, byte for byte as TensorFlow writes it. Entries must come in the order of keys. */
export function serializeTable(entries: Iterable<TableEntry>): Uint8Array {
  const file = new TableFile();
  let block = new BlockBuilder(entriesBetweenRestarts);
  for (const entry of entries) {
    if (block.size >= blockSize) {
      file.add(block.finish(), separator(block.lastKey, entry.key));
      block = new BlockBuilder(entriesBetweenRestarts);
    }
    block.add(entry);
  }
  if (!block.empty) file.add(block.finish(), successor(block.lastKey));
  return file.finish();
}

/** The blocks of a table, one after another, and the index of them. */
class TableFile {
  readonly #chunks: Uint8Array[] = [];
  readonly #index = new BlockBuilder(1);
  #size = 0;

  /** @param bound a key that is no less than any in the block and less than those of the next. */
  add(block: Uint8Array, bound: Uint8Array): void {
    this.#index.add({ key: bound, value: this.#append(block) });
  }

  finish(): Uint8Array {
    const tables = this.#append(new BlockBuilder(entriesBetweenRestarts).finish());
    const index = this.#append(this.#index.finish());
    const footer = new Uint8Array(footerSize);
    footer.set([...tables, ...index]);
    new DataView(footer.buffer).setBigUint64(footerSize - 8, tableMagic, true);
    return concatenated([...this.#chunks, footer], this.#size + footerSize);
  }

  /** Gives the block's handle. */
  #append(block: Uint8Array): Uint8Array {
    const trailer = new Uint8Array(trailerSize);
    const checksum = maskedChecksum(crc32c(trailer.subarray(0, 1), crc32c(block)));
    new DataView(trailer.buffer).setUint32(1, checksum, true);
    const handle = Uint8Array.from([...varint(this.#size), ...varint(block.length)]);
    this.#chunks.push(block, trailer);
    this.#size += block.length + trailerSize;
    return handle;
  }
}

/** A block: each key without what it shares with the one before, and every so often a whole one, listed at the end. */
class BlockBuilder {
  readonly #chunks: Uint8Array[] = [];
  readonly #restarts: number[] = [0];
  #bytes = 0;
  #sinceRestart = 0;
  #lastKey: Uint8Array = new Uint8Array(0);

  constructor(readonly restartInterval: number) {}

  get empty(): boolean {
    return this.#chunks.length === 0;
  }

  get lastKey(): Uint8Array {
    return this.#lastKey;
  }

  /** The bytes of the block if it were finished now. */
  get size(): number {
    return this.#bytes + 4 * (this.#restarts.length + 1);
  }

  add({ key, value }: TableEntry): void {
    if (this.#sinceRestart === this.restartInterval) {
      this.#restarts.push(this.#bytes);
      this.#sinceRestart = 0;
    }
    const shared = this.#sinceRestart === 0 ? 0 : sharedPrefix(this.#lastKey, key);
    const lengths = [...varint(shared), ...varint(key.length - shared), ...varint(value.length)];
    for (const chunk of [Uint8Array.from(lengths), key.subarray(shared), value]) {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
    }
    this.#sinceRestart++;
    this.#lastKey = key;
  }

  finish(): Uint8Array {
    const end = new DataView(new ArrayBuffer(4 * (this.#restarts.length + 1)));
    for (const [i, restart] of this.#restarts.entries()) end.setUint32(4 * i, restart, true);
    end.setUint32(4 * this.#restarts.length, this.#restarts.length, true);
    return concatenated([...this.#chunks, new Uint8Array(end.buffer)], this.size);
  }
}

/** A short key, no less than `left` and less than `right`. */
function separator(left: Uint8Array, right: Uint8Array): Uint8Array {
  const shared = sharedPrefix(left, right);
  if (shared === left.length || left[shared]! + 1 >= right[shared]!) return left;
  const shorter = left.slice(0, shared + 1);
  shorter[shared]!++;
  return shorter;
}

/** A short key that is no less than this one. */
function successor(key: Uint8Array): Uint8Array {
  const at = key.findIndex((byte) => byte < 0xff);
  if (at < 0) return key;
  const shorter = key.slice(0, at + 1);
  shorter[at]!++;
  return shorter;
}

/** A number in groups of 7 bits, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return [...bytes, rest];
}

function concatenated(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
