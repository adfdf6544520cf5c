import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError } from "../checkpoint-error.js";
import { PickledBytes, type PickleSite } from "./pickled-value.js";

/** What all the pickles of one file may take together. */
export interface PickleBudget {
  /** Values that may still be made; a place in the memo is one too, and what has parts is several. */
  values: number;
  /** Bytes that may still be read, those of arrays not among them. */
  bytes: number;
}

/** For a file: a tensor takes about 50 values and 100 bytes, so that there may be 80,000; BERT-large has 400. */
export function pickleBudget(): PickleBudget {
  return { values: 2 ** 22, bytes: 64 * 2 ** 20 };
}

const smallestPiece = 4096;
const largestPiece = 2 ** 18;
// A line holds a name, a number or, in protocol 0, a text.
const longestLine = 2 ** 24;
// Python 2 has one kind of string for names and for arrays' bytes. No name is longer.
const longestName = 1024;

/** Reads a pickle from its bytes, piece by piece and past the bytes of arrays. */
export class PickleCursor implements PickleSite {
  #piece: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#piece.buffer);
  /** Of the piece, in the file. */
  #begin = 0;
  /** Of the next byte, in the piece. */
  #at = 0;
  #nextPiece = smallestPiece;

  constructor(
    readonly bytes: ByteSource,
    readonly budget: PickleBudget,
    readonly signal?: AbortSignal | undefined,
  ) {}

  get label(): string {
    return this.bytes.label;
  }

  /** Of the next byte, in the file. */
  get position(): number {
    return this.#begin + this.#at;
  }

  error(code: "malformed" | "truncated" | "unsupported" | "limit", problem: string): CheckpointError {
    return new CheckpointError(code, `${this.label}: pickle at byte ${this.position}: ${problem}`);
  }

  spend(values: number): void {
    this.budget.values -= values;
    if (this.budget.values < 0) throw this.error("limit", "more values than any checkpoint has");
  }

  /** Reads ahead, so that the next `count` bytes, or all there are, can be taken without waiting. */
  async fill(count: number): Promise<void> {
    const left = this.#piece.length - this.#at;
    if (left >= count) return;
    const begin = this.position;
    const size = Math.min(Math.max(count, this.#nextPiece), this.bytes.size - begin);
    if (size <= left) return;
    const piece = new Uint8Array(size);
    piece.set(this.#piece.subarray(this.#at));
    await this.bytes.read(begin + left, piece.subarray(left), this.signal);
    this.#nextPiece = Math.min(2 * this.#nextPiece, largestPiece);
    this.#piece = piece;
    this.#view = new DataView(piece.buffer);
    this.#begin = begin;
    this.#at = 0;
  }

  /** Whether `count` bytes can be taken without {@link fill}. */
  has(count: number): boolean {
    return this.#piece.length - this.#at >= count;
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A length, which is wrong where it does not fit what is left of the file. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** The one number that is big-endian. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  /** The next bytes, good until the next call of {@link fill}. */
  async take(count: number): Promise<Uint8Array> {
    this.#checkLength(count);
    if (count > this.budget.bytes) throw this.#tooLong();
    await this.fill(count);
    const from = this.#advance(count);
    return this.#piece.subarray(from, from + count);
  }

  async text(count: number): Promise<string> {
    const bytes = await this.take(count);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (error) {
      throw new CheckpointError("malformed", this.error("malformed", "a text is not UTF-8").message, { cause: error });
    }
  }

  /** What is left of a line, as Latin-1, without its end. */
  async line(): Promise<string> {
    for (let searched = 0, wanted = 64; ; wanted *= 4) {
      await this.fill(wanted);
      const found = this.#piece.indexOf(0x0a, this.#at + searched);
      if (found >= 0) return latin1(await this.take(found + 1 - this.#at)).slice(0, -1);
      searched = this.#piece.length - this.#at;
      if (this.#begin + this.#piece.length >= this.bytes.size) throw this.error("truncated", "a line does not end");
      if (searched > longestLine) throw this.error("limit", `a line of more than ${longestLine} bytes`);
    }
  }

  /** Passes bytes without reading them. */
  window(count: number): PickledBytes {
    this.#checkLength(count);
    const begin = this.position;
    if (count > this.#piece.length - this.#at) {
      this.#piece = this.#piece.subarray(0, 0);
      this.#view = new DataView(this.#piece.buffer, 0, 0);
      this.#begin = begin + count;
      this.#at = 0;
      this.#nextPiece = smallestPiece;
    } else this.#at += count;
    return new PickledBytes(this.bytes, begin, count);
  }

  /** A string of Python 2: a name, or the bytes of an array. */
  async string(count: number): Promise<PickledBytes> {
    if (count > longestName) return this.window(count);
    const begin = this.position;
    const bytes = await this.take(count);
    return new PickledBytes(this.bytes, begin, count, utf8(bytes));
  }

  #advance(count: number): number {
    if (!this.has(count)) throw this.error("truncated", "it does not end with STOP");
    this.budget.bytes -= count;
    if (this.budget.bytes < 0) throw this.#tooLong();
    const from = this.#at;
    this.#at += count;
    return from;
  }

  #checkLength(count: number): void {
    const left = this.bytes.size - this.position;
    if (count > left) throw this.error("truncated", `${count} bytes should follow, and ${left} do`);
  }

  #tooLong(): CheckpointError {
    return this.error("limit", "more names and numbers than any checkpoint has (64 MB)");
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function latin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += 4096) {
    parts.push(String.fromCharCode(...bytes.subarray(from, from + 4096)));
  }
  return parts.join("");
}
