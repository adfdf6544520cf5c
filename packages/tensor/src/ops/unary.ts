import type { UnaryKind } from "../backend.js";
import { floatBackendOf } from "../operands.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";
import { addScalar, multiply, scale, subtract } from "./arithmetic.js";

// Element by element, [...] → [...]; outside an op's domain the result is NaN or infinite, as in Math.

/** −x. */
export function negate(x: Tensor): Tensor {
  return differentiable(unary("negate", x), [x], (dy) => [negate(dy)]);
}

/** eˣ. */
export function exp(x: Tensor): Tensor {
  const y = unary("exp", x);
  return differentiable(y, [x], (dy) => [multiply(dy, y)]);
}

/** The natural logarithm. */
export function log(x: Tensor): Tensor {
  return differentiable(unary("log", x), [x], (dy) => [multiply(dy, reciprocal(x))]);
}

/** The square root; its gradient at 0 is infinite. */
export function sqrt(x: Tensor): Tensor {
  const y = unary("sqrt", x);
  return differentiable(y, [x], (dy) => [multiply(scale(dy, 0.5), reciprocal(y))]);
}

/** 1 / x. */
export function reciprocal(x: Tensor): Tensor {
  const y = unary("reciprocal", x);
  return differentiable(y, [x], (dy) => [negate(multiply(dy, multiply(y, y)))]);
}

/** The hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  const y = unary("tanh", x);
  return differentiable(y, [x], (dy) => [subtract(dy, multiply(dy, multiply(y, y)))]);
}

/** The logistic function, 1 / (1 + e⁻ˣ). */
export function sigmoid(x: Tensor): Tensor {
  const y = unary("sigmoid", x);
  return differentiable(y, [x], (dy) => [multiply(dy, multiply(y, addScalar(negate(y), 1)))]);
}

/** The error function. */
export function erf(x: Tensor): Tensor {
  return differentiable(unary("erf", x), [x], (dy) => [
    multiply(dy, scale(unary("exp", negate(multiply(x, x))), 2 / Math.sqrt(Math.PI))),
  ]);
}

/** max(x, 0); its gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  return differentiable(unary("relu", x), [x], (dy) => [multiply(dy, unary("step", x))]);
}

/** Exact GELU, x·Φ(x) (Hendrycks & Gimpel 2016), the form of Hugging Face's BERT; `geluTanh` is the approximation. */
export function gelu(x: Tensor): Tensor {
  return differentiable(unary("gelu", x), [x], (dy) => [multiply(dy, unary("geluSlope", x))]);
}

/** GELU's tanh approximation (Hendrycks & Gimpel 2016, section 2), the form of Google's BERT. */
export function geluTanh(x: Tensor): Tensor {
  return differentiable(unary("geluTanh", x), [x], (dy) => [multiply(dy, unary("geluTanhSlope", x))]);
}

function unary(kind: UnaryKind, x: Tensor): Tensor {
  const backend = floatBackendOf(kind, x);
  const out = Tensor.empty(backend, x.shape);
  backend.kernels.unary(kind, x, out);
  return out;
}
