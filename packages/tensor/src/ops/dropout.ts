import { floatBackendOf } from "../operands.js";
import type { RandomStream } from "../random.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";

/**
 * Sets a fraction `rate` of the elements to 0 and scales the others by 1 / (1 − rate) (Srivastava et al. 2014).
 * Returns x itself without a random stream: there is no training flag to forget. [...] → [...]
 * Throws `RangeError` unless 0 ≤ rate < 1.
 */
export function dropout(x: Tensor, rate: number, random?: RandomStream): Tensor {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout: the rate must be from 0 to below 1, got ${rate}`);
  if (!random || rate === 0) return x;
  const backend = floatBackendOf("dropout", x);
  const seed = random.nextSeed();
  const apply = (input: Tensor): Tensor => {
    const out = Tensor.empty(backend, input.shape);
    backend.kernels.dropout(input, rate, seed, out);
    return out;
  };
  return differentiable(apply(x), [x], (dy) => [apply(dy)]);
}
