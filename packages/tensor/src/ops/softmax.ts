import { ShapeError } from "../errors.js";
import { floatBackendOf } from "../operands.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";
import { multiply, subtract } from "./arithmetic.js";
import { sumTo } from "./sum.js";
import { exp } from "./unary.js";

/** eˣ / Σ eˣ over the last axis. [..., n] → [..., n]. Throws `ShapeError` for a scalar. */
export function softmax(x: Tensor): Tensor {
  const backend = floatBackendOf("softmax", x);
  expectAxis("softmax", x);
  const y = Tensor.empty(backend, x.shape);
  backend.kernels.softmax(x, y);
  return differentiable(y, [x], (dy) => {
    const dx = Tensor.empty(backend, x.shape);
    backend.kernels.softmaxGradient(y, dy, dx);
    return [dx];
  });
}

/** x − log Σ eˣ over the last axis. [..., n] → [..., n]. Throws `ShapeError` for a scalar. */
export function logSoftmax(x: Tensor): Tensor {
  const backend = floatBackendOf("logSoftmax", x);
  expectAxis("logSoftmax", x);
  const y = Tensor.empty(backend, x.shape);
  backend.kernels.logSoftmax(x, y);
  return differentiable(y, [x], (dy) => [subtract(dy, multiply(exp(y), sumTo(dy, [...x.shape.slice(0, -1), 1])))]);
}

function expectAxis(op: string, x: Tensor): void {
  if (x.shape.length === 0) throw new ShapeError(`${op} needs an axis to sum over, got a scalar`);
}
