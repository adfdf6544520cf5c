import type { BinaryKind } from "../backend.js";
import { floatBackendOf } from "../operands.js";
import { broadcastShapes } from "../shape.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";
import { full } from "./create.js";
import { sumTo } from "./sum.js";
import { negate, reciprocal } from "./unary.js";

/** a + b, extents of 1 repeated. Throws `ShapeError` where the shapes do not broadcast, as the next three do. */
export function add(a: Tensor, b: Tensor): Tensor {
  return differentiable(binary("add", a, b), [a, b], (dy) => [sumTo(dy, a.shape), sumTo(dy, b.shape)]);
}

/** a − b, extents of 1 repeated. */
export function subtract(a: Tensor, b: Tensor): Tensor {
  return differentiable(binary("subtract", a, b), [a, b], (dy) => [sumTo(dy, a.shape), negate(sumTo(dy, b.shape))]);
}

/** a · b element by element, extents of 1 repeated. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  return differentiable(binary("multiply", a, b), [a, b], (dy) => [
    sumTo(multiply(dy, b), a.shape),
    sumTo(multiply(dy, a), b.shape),
  ]);
}

/** a / b element by element, extents of 1 repeated. */
export function divide(a: Tensor, b: Tensor): Tensor {
  const y = binary("divide", a, b);
  return differentiable(y, [a, b], (dy) => {
    const da = multiply(dy, reciprocal(b));
    return [sumTo(da, a.shape), negate(sumTo(multiply(da, y), b.shape))];
  });
}

/** factor · x. [...] → [...] */
export function scale(x: Tensor, factor: number): Tensor {
  return differentiable(binary("multiply", x, full(x.backend, [], factor)), [x], (dy) => [scale(dy, factor)]);
}

/** x + shift. [...] → [...] */
export function addScalar(x: Tensor, shift: number): Tensor {
  return differentiable(binary("add", x, full(x.backend, [], shift)), [x], (dy) => [dy]);
}

function binary(kind: BinaryKind, a: Tensor, b: Tensor): Tensor {
  const backend = floatBackendOf(kind, a, b);
  const out = Tensor.empty(backend, broadcastShapes(a.shape, b.shape));
  backend.kernels.binary(kind, a, b, out);
  return out;
}
