import type { Backend } from "../backend.js";
import type { Shape } from "../shape.js";
import { Tensor } from "../tensor.js";

/** A tensor of one number. */
export function full(backend: Backend, shape: Shape, value: number): Tensor {
  const out = Tensor.empty(backend, shape);
  backend.kernels.fill(value, out);
  return out;
}

export const zeros = (backend: Backend, shape: Shape): Tensor => full(backend, shape, 0);

export const ones = (backend: Backend, shape: Shape): Tensor => full(backend, shape, 1);
