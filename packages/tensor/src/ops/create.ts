import type { Backend } from "../backend.js";
import type { Shape } from "../shape.js";
import { Tensor } from "../tensor.js";

/** `value` in every element. → [...shape] */
export function full(backend: Backend, shape: Shape, value: number): Tensor {
  const out = Tensor.empty(backend, shape);
  backend.kernels.fill(value, out);
  return out;
}

/** 0 in every element. → [...shape] */
export const zeros = (backend: Backend, shape: Shape): Tensor => full(backend, shape, 0);

/** 1 in every element. → [...shape] */
export const ones = (backend: Backend, shape: Shape): Tensor => full(backend, shape, 1);
