import { ShapeError } from "../errors.js";
import { backendOf, floatBackendOf } from "../operands.js";
import { type Shape, showShape } from "../shape.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";

/** The same numbers under another shape of the same size; nothing is copied. Throws `ShapeError`. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  backendOf("reshape", x);
  return differentiable(x.viewAs(shape), [x], (dy) => [reshape(dy, x.shape)]);
}

/** Axis i of the result is axis order[i] of x. Throws `ShapeError` unless `order` names each axis once. */
export function permute(x: Tensor, order: readonly number[]): Tensor {
  const backend = floatBackendOf("permute", x);
  const rank = x.shape.length;
  if (order.length !== rank || [...order].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
    throw new ShapeError(`permute: [${order.join(", ")}] does not name each axis of ${showShape(x.shape)} once`);
  }
  const out = Tensor.empty(
    backend,
    order.map((axis) => x.shape[axis]!),
  );
  backend.kernels.permute(x, order, out);
  return differentiable(out, [x], (dy) => [
    permute(
      dy,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ]);
}

/** [rows, columns] → [columns, rows]. Throws `ShapeError` for another number of axes. */
export const transpose = (x: Tensor): Tensor => permute(x, [1, 0]);
