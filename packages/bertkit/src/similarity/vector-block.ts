import { ShapeError } from "@bertkit/tensor";
import { cosineOf, rowProduct, type Score } from "./scores.js";

/** Vectors one after the other, as they came, with their squared lengths in double precision. */
export class VectorBlock {
  /** [rows, width] */
  readonly values: Float32Array;
  /** [rows]; NaN or infinite where a vector is not all finite. */
  readonly squares: Float64Array;
  rows = 0;

  constructor(
    readonly width: number,
    readonly capacity: number,
  ) {
    this.values = new Float32Array(capacity * width);
    this.squares = new Float64Array(capacity);
  }

  /** Copies a vector in. Throws `ShapeError` where it has another width; `name` is what the message calls it. */
  add(vector: Float32Array, name: string): void {
    const { values, width, rows } = this;
    if (vector.length !== width) {
      throw new ShapeError(`${name} has ${vector.length} numbers, those before it ${width}: all need the same width`);
    }
    values.set(vector, rows * width);
    this.squares[rows] = rowProduct(vector, 0, vector, 0, width);
    this.rows++;
  }

  /** Whether a row has only finite numbers. */
  isFinite(row: number): boolean {
    return Number.isFinite(this.squares[row]);
  }

  /** Each row divided by its length, rounded once; zeros stay zeros, what is not finite becomes NaN. [rows, width] */
  unitRows(): Float32Array {
    const { values, squares, width, rows } = this;
    const result = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) {
      const square = squares[row]!;
      if (square === 0) continue;
      const scale = 1 / Math.sqrt(square);
      for (let i = row * width; i < (row + 1) * width; i++) result[i] = values[i]! * scale;
    }
    return result;
  }
}

/** How alike row `i` of one block and row `j` of another are, in double precision. */
export function rowScore(score: Score, a: VectorBlock, i: number, b: VectorBlock, j: number): number {
  const product = rowProduct(a.values, i * a.width, b.values, j * b.width, a.width);
  return score === "dot" ? product : cosineOf(product, a.squares[i]!, b.squares[j]!);
}
