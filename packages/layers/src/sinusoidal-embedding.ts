import { type Backend, ShapeError, Tensor } from "@bertkit/tensor";
import { Module } from "./module.js";

/** Fixed waves for each position, nothing learned (Vaswani et al. 2017, section 3.5). int32 [n] → [n, width] */
export class SinusoidalEmbedding extends Module {
  readonly #table: Float32Array;
  readonly #width: number;

  /** @param positions how many there are, from 0 */
  constructor(positions: number, width: number) {
    super();
    this.#width = width;
    this.#table = sinusoids(positions, width);
  }

  /** positions [n] → [n, width]. Throws `ShapeError` for a position beyond the last. */
  forward(positions: Int32Array, backend: Backend): Tensor {
    const width = this.#width;
    const rows = new Float32Array(positions.length * width);
    for (const [i, position] of positions.entries()) {
      const from = position * width;
      if (position < 0 || from + width > this.#table.length) {
        throw new ShapeError(`SinusoidalEmbedding: position ${position} is not one of ${this.#table.length / width}`);
      }
      rows.set(this.#table.subarray(from, from + width), i * width);
    }
    return Tensor.from(backend, rows, [positions.length, width]);
  }
}

/**
 * [position, 2i] = sin(position / 10000^(2i / width)), [position, 2i + 1] = cos of the same: [positions, width] flat
 * (Vaswani et al. 2017, section 3.5).
 */
export function sinusoids(positions: number, width: number): Float32Array {
  const table = new Float32Array(positions * width);
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < width; i++) {
      const angle = position / 10000 ** ((i - (i % 2)) / width);
      table[position * width + i] = i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return table;
}
