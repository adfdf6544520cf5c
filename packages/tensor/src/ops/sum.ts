import { ShapeError } from "../errors.js";
import { floatBackendOf } from "../operands.js";
import { broadcastShapes, type Shape, sameShape, showShape, sizeOf } from "../shape.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";
import { add, scale } from "./arithmetic.js";
import { zeros } from "./create.js";

/**
 * Sums x over each axis that `shape` has as 1 or lacks on the left: the reverse of broadcasting. [...] → [...shape]
 * Returns x itself where nothing is to be summed. Throws `ShapeError` for a shape that does not broadcast to x.
 */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const backend = floatBackendOf("sumTo", x);
  if (sameShape(x.shape, shape)) return x;
  if (shape.length > x.shape.length || !sameShape(broadcastShapes(x.shape, shape), x.shape)) {
    throw new ShapeError(`sumTo: cannot sum ${showShape(x.shape)} to ${showShape(shape)}`);
  }
  const out = Tensor.empty(backend, shape);
  backend.kernels.sumTo(x, out);
  return differentiable(out, [x], (dy) => [add(zeros(backend, x.shape), dy)]);
}

/** The sum of all elements, a scalar: [...] → [] */
export const sum = (x: Tensor): Tensor => sumTo(x, []);

/** The mean of all elements, a scalar: [...] → []. Throws `ShapeError` where there are none. */
export function mean(x: Tensor): Tensor {
  if (sizeOf(x.shape) === 0) throw new ShapeError(`the mean of no numbers is undefined, got ${showShape(x.shape)}`);
  return scale(sum(x), 1 / sizeOf(x.shape));
}

/** The mean over the last axis, which stays with extent 1: [..., width] → [..., 1]. Throws `ShapeError` for a scalar. */
export function meanOfLast(x: Tensor): Tensor {
  return scale(sumTo(x, [...x.shape.slice(0, -1), 1]), 1 / x.shape.at(-1)!);
}
