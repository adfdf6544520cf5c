import type { RandomStream } from "../random.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";

/**
 * Sets a fraction `rate` of the elements to 0 and scales the others by 1 / (1 − rate) (Srivastava et al. 2014).
 * Does nothing without a random stream: there is no training flag to forget.
 */
export function dropout(x: Tensor, rate: number, random?: RandomStream): Tensor {
  if (!random || rate === 0) return x;
  const seed = random.nextSeed();
  const apply = (input: Tensor): Tensor => {
    const out = Tensor.empty(input.backend, input.shape);
    input.backend.kernels.dropout(input, rate, seed, out);
    return out;
  };
  return differentiable(apply(x), [x], (dy) => [apply(dy)]);
}
