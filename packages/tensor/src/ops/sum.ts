import { ShapeError } from "../errors.js";
import { broadcastShapes, type Shape, sameShape, showShape, sizeOf } from "../shape.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";
import { add, scale } from "./arithmetic.js";
import { zeros } from "./create.js";
import { reshape } from "./reshape.js";

/** Sums x over each axis that `shape` has as 1 or lacks on the left: the reverse of broadcasting. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (shape.length > x.shape.length || !sameShape(broadcastShapes(x.shape, shape), x.shape)) {
    throw new ShapeError(`cannot sum ${showShape(x.shape)} to ${showShape(shape)}`);
  }
  const out = Tensor.empty(x.backend, shape);
  x.backend.kernels.sumTo(x, out);
  return differentiable(out, [x], (dy) => [add(zeros(x.backend, x.shape), dy)]);
}

/** The sum of all elements, a scalar: [...] → [] */
export const sum = (x: Tensor): Tensor => sumTo(x, []);

/** The mean of all elements, a scalar: [...] → [] */
export const mean = (x: Tensor): Tensor => reshape(scale(sum(x), 1 / sizeOf(x.shape)), []);

/** The mean over the last axis, which stays with extent 1: [..., width] → [..., 1] */
export function meanOfLast(x: Tensor): Tensor {
  return scale(sumTo(x, [...x.shape.slice(0, -1), 1]), 1 / x.shape.at(-1)!);
}
