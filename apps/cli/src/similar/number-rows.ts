import { endianness } from "node:os";
import { fromFloat16 } from "bertkit";
import { Failure } from "../failure.js";
import { ByteQueue } from "../input/byte-queue.js";
import type { Chunk } from "../input/chunk.js";
import { bytesOfType, type NpyType, npyDataStart, npyPrefixBytes, parseNpyHeader } from "./npy-header.js";

/** A row of numbers, where it stands, and where it ends in its file. */
export interface NumberRow {
  readonly vector: Float32Array;
  readonly place: string;
  readonly position: number;
}

/** Rows of numbers from a stream of bytes: NumPy's format, or the numbers alone. */
export class NumberRows {
  /** Numbers of a row. */
  width = 0;
  readonly #queue: ByteQueue;
  /** How they are stored. */
  type: NpyType = "<f4";
  /** How many there must be; undefined where nothing says so. */
  #rows: number | undefined;

  constructor(
    chunks: AsyncIterable<Chunk>,
    readonly name: string,
  ) {
    this.#queue = new ByteQueue(chunks);
  }

  /** @throws {Failure} for a header that is none, and for arrays that are no vectors. */
  async readHeader(): Promise<void> {
    const prefix = await this.#queue.take(npyPrefixBytes);
    const rest = await this.#queue.take(npyDataStart(prefix, this.name) - npyPrefixBytes);
    const { type, rows, width } = parseNpyHeader(Buffer.concat([prefix, rest]), this.name);
    this.expect(type, width);
    this.#rows = rows;
  }

  /** What the rows are, where no header says it. */
  expect(type: NpyType, width: number): void {
    this.type = type;
    this.width = width;
  }

  /** @throws {Failure} where the last row is cut off, or there are more or fewer than the header says. */
  async *vectors(): AsyncGenerator<NumberRow> {
    const rowBytes = this.width * bytesOfType[this.type];
    for (let row = 0; ; row++) {
      const bytes = await this.#queue.take(row === this.#rows ? 1 : rowBytes);
      if (bytes.length === 0 && (this.#rows ?? row) === row) return;
      const place = `${this.name}:${row + 1}`;
      if (row === this.#rows)
        throw new Failure(`${this.name}: there are bytes after the last of ${row} rows`, damagedHint);
      if (bytes.length < rowBytes) {
        const of = this.#rows === undefined ? "" : ` of ${this.#rows}`;
        const counts = `${bytes.length} of ${rowBytes} bytes`;
        throw new Failure(`${place}: the file ends in row ${row + 1}${of}, after ${counts} of it`, damagedHint);
      }
      yield { vector: decode[this.type](bytes), place, position: this.#queue.position };
    }
  }

  /** Lets go of the stream before its end. */
  close(): Promise<void> {
    return this.#queue.close();
  }
}

const damagedHint = { hint: "the file is incomplete, or not what its name says; write it again" };

/**
 * Float64 is rounded to the nearest float32. Bytes without a sign, 256 steps of a range, count from its middle as those
 * with a sign do: a cosine is of directions from 0. Everything else is exact.
 */
const decode: Readonly<Record<NpyType, (bytes: Buffer) => Float32Array>> = {
  "<f2": (bytes) => fromFloat16(new Uint16Array(nativeBytes(bytes, 2))),
  "<f4": (bytes) => new Float32Array(nativeBytes(bytes, 4)),
  "<f8": (bytes) => Float32Array.from(new Float64Array(nativeBytes(bytes, 8))),
  "|i1": (bytes) => Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)),
  "|u1": (bytes) => Float32Array.from(bytes, (value) => value - 128),
};

/** A copy, at an address where numbers may lie, in the byte order of this machine. */
function nativeBytes(bytes: Buffer, size: 2 | 4 | 8): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  const view = Buffer.from(copy);
  bytes.copy(view);
  if (endianness() === "BE") {
    if (size === 2) view.swap16();
    else if (size === 4) view.swap32();
    else view.swap64();
  }
  return copy;
}
