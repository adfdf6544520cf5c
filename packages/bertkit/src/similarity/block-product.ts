import { type Backend, matmul, Tensor } from "@bertkit/tensor";
import type { VectorBlock } from "./vector-block.js";

/** A block's rows at length 1 in a backend's memory. */
export class UnitRows implements Disposable {
  readonly #tensor: Tensor;

  constructor(
    readonly block: VectorBlock,
    backend: Backend,
  ) {
    this.#tensor = Tensor.from(backend, block.unitRows(), [block.rows, block.width]);
  }

  /**
   * The cosine of each row and each of the other's, in float32: no further than `cosineError` from the true one, and NaN
   * where one of the two is not finite. [rows, width], [others, width] → [rows, others]
   */
  async cosines(other: UnitRows): Promise<ArrayLike<number>> {
    using product = matmul(this.#tensor, other.#tensor, { transposeB: true });
    return product.read();
  }

  [Symbol.dispose](): void {
    this.#tensor.dispose();
  }
}

/**
 * How far a cosine of float32 can be from the true one, whatever the order of its sum: each number of a unit vector is
 * rounded once, each product and partial sum once more (Higham, Accuracy and Stability of Numerical Algorithms, 3.1).
 */
export function cosineError(width: number): number {
  const bound = (width + 4) * 2 ** -24;
  return bound < 0.5 ? bound / (1 - bound) : 2;
}
