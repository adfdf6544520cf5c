import type { Tensor } from "../tensor.js";
import { addScalar, multiply } from "./arithmetic.js";
import { sumTo } from "./sum.js";
import { reciprocal, sqrt } from "./unary.js";

// PyTorch's normalize divides by max(‖x‖, 1e-12); its square under the root does the same and is smooth at 0.
const smallestSquare = 1e-24;

/** Each row divided by its Euclidean length; a row of zeros stays zeros. [..., width] → [..., width] */
export function unitLength(x: Tensor): Tensor {
  const squares = sumTo(multiply(x, x), [...x.shape.slice(0, -1), 1]);
  return multiply(x, reciprocal(sqrt(addScalar(squares, smallestSquare))));
}
