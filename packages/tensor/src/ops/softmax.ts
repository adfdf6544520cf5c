import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";
import { multiply, subtract } from "./arithmetic.js";
import { sumTo } from "./sum.js";
import { exp } from "./unary.js";

/** eˣ / Σ eˣ over the last axis. [..., n] → [..., n] */
export function softmax(x: Tensor): Tensor {
  const y = Tensor.empty(x.backend, x.shape);
  x.backend.kernels.softmax(x, y);
  return differentiable(y, [x], (dy) => {
    const dx = Tensor.empty(x.backend, x.shape);
    x.backend.kernels.softmaxGradient(y, dy, dx);
    return [dx];
  });
}

/** x − log Σ eˣ over the last axis. [..., n] → [..., n] */
export function logSoftmax(x: Tensor): Tensor {
  const y = Tensor.empty(x.backend, x.shape);
  x.backend.kernels.logSoftmax(x, y);
  return differentiable(y, [x], (dy) => [subtract(dy, multiply(exp(y), sumTo(dy, [...x.shape.slice(0, -1), 1])))]);
}
