import type { CheckpointSource, Values } from "@bertkit/checkpoint";
import { type Shape, sizeOf } from "@bertkit/tensor";

// Large enough to read a disk at full speed, small beside a model: what a load holds twice at any moment.
const pieceBytes = 4 * 2 ** 20;

export interface PieceReading {
  readonly name: string;
  readonly shape: Shape;
  /** What the array is read as. */
  readonly Memory: Float32ArrayConstructor | Int8ArrayConstructor;
  readonly signal?: AbortSignal | undefined;
}

/** Reads an array in pieces of whole rows; `take` gets each with the number of its first row, and keeps no piece. */
export async function readPieces(
  source: CheckpointSource,
  { name, shape, Memory, signal }: PieceReading,
  take: (rows: Values, from: number) => void,
): Promise<void> {
  const [rows, width] = rowsAndWidth(shape);
  const rowsAtOnce = Math.max(1, Math.floor(pieceBytes / Memory.BYTES_PER_ELEMENT / Math.max(1, width)));
  if (rows <= rowsAtOnce) {
    take(await source.read(name, { into: new Memory(rows * width), signal }), 0);
    return;
  }
  const piece = new Memory(rowsAtOnce * width);
  for (let from = 0; from < rows; from += rowsAtOnce) {
    signal?.throwIfAborted();
    const to = Math.min(rows, from + rowsAtOnce);
    const into = piece.subarray(0, (to - from) * width);
    take(await source.read(name, { rows: [from, to], into, signal }), from);
  }
}

/** All axes but the first are a row's. */
export const rowsAndWidth = (shape: Shape): [rows: number, width: number] => [shape[0] ?? 1, sizeOf(shape.slice(1))];
