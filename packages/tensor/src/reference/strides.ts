import { type Shape, sizeOf } from "../shape.js";

/** For each axis of `outShape`, how far one step moves in an array of `shape` that is broadcast to it: 0 if repeated. */
export function broadcastStrides(shape: Shape, outShape: Shape): number[] {
  const missing = outShape.length - shape.length;
  return outShape.map((_, axis) => {
    const own = axis - missing;
    return own < 0 || shape[own] === 1 ? 0 : sizeOf(shape.slice(own + 1));
  });
}

/** Calls `visit(i, index)` for each element i of `shape` in order, `index` being where `strides` lead for it. */
export function walk(shape: Shape, strides: readonly number[], visit: (i: number, index: number) => void): void {
  const size = sizeOf(shape);
  const at = shape.map(() => 0);
  let index = 0;
  for (let i = 0; i < size; i++) {
    visit(i, index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index += strides[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      index -= strides[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
}
