import type { Shape } from "@bertkit/tensor";
import { type PieceReader, rowsAndWidth } from "./piece-reader.js";

/** Reads matrices that a file has the other way round, all into the same memory: that of the largest. */
export class TransposedReader {
  #memory = new Float32Array(0);

  constructor(private readonly pieces: PieceReader) {}

  /** [columns, rows] of the file → [rows, columns] flat, which the next call writes over. */
  async read(name: string, shape: Shape): Promise<Float32Array> {
    const [rows, columns] = rowsAndWidth(shape);
    if (rows * columns > this.#memory.length) this.#memory = new Float32Array(rows * columns);
    const ours = this.#memory.subarray(0, rows * columns);
    // A piece is small enough to stay near the processor while its columns are gathered.
    await this.pieces.read({ name, shape: [columns, rows], Memory: Float32Array }, (theirs, from) => {
      const count = rows === 0 ? 0 : theirs.length / rows;
      for (let row = 0; row < rows; row++) {
        const at = row * columns + from;
        for (let i = 0; i < count; i++) ours[at + i] = theirs[i * rows + row]!;
      }
    });
    return ours;
  }
}
