import type { CheckpointSource } from "@bertkit/checkpoint";
import { type Shape, sizeOf } from "@bertkit/tensor";

// Large enough to read a disk at full speed, small beside a model: what a load holds twice at any moment.
const pieceBytes = 2 ** 20;

export interface WantedArray<Memory extends Float32Array | Int8Array> {
  readonly name: string;
  readonly shape: Shape;
  /** What it is read as. */
  readonly Memory: MemoryConstructor<Memory>;
}

interface MemoryConstructor<Memory> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, at: number, count: number): Memory;
}

/** Reads arrays of a checkpoint in pieces, all into the same memory. */
export class PieceReader {
  #memory = new ArrayBuffer(0);

  constructor(
    private readonly source: CheckpointSource,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Reads an array by whole rows; `take` gets each piece with the number of its first row, and keeps no piece. */
  async read<Memory extends Float32Array | Int8Array>(
    { name, shape, Memory }: WantedArray<Memory>,
    take: (rows: Memory, from: number) => void,
  ): Promise<void> {
    const { source, signal } = this;
    const [rows, width] = rowsAndWidth(shape);
    const rowsAtOnce = Math.max(1, Math.floor(pieceBytes / Memory.BYTES_PER_ELEMENT / Math.max(1, width)));
    if (rows <= rowsAtOnce) {
      const into = this.#piece(Memory, rows * width);
      await source.read(name, { into, signal });
      take(into, 0);
      return;
    }
    for (let from = 0; from < rows; from += rowsAtOnce) {
      signal?.throwIfAborted();
      const to = Math.min(rows, from + rowsAtOnce);
      const into = this.#piece(Memory, (to - from) * width);
      await source.read(name, { rows: [from, to], into, signal });
      take(into, from);
    }
  }

  #piece<Memory>(Memory: MemoryConstructor<Memory>, count: number): Memory {
    const bytes = count * Memory.BYTES_PER_ELEMENT;
    if (bytes > this.#memory.byteLength) this.#memory = new ArrayBuffer(Math.max(bytes, pieceBytes));
    return new Memory(this.#memory, 0, count);
  }
}

/** All axes but the first are a row's. */
export const rowsAndWidth = (shape: Shape): [rows: number, width: number] => [shape[0] ?? 1, sizeOf(shape.slice(1))];
