import { ShapeError } from "./errors.js";

/** Extents, outermost first. `[]` is a scalar. */
export type Shape = readonly number[];

/** How many elements a shape holds; 1 for a scalar. Throws `ShapeError` unless every extent is a whole number. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) {
    if (!(Number.isInteger(extent) && extent >= 0)) {
      throw new ShapeError(`extents must be whole numbers from 0 on, got ${showShape(shape)}`);
    }
    size *= extent;
  }
  return size;
}

/** Whether two shapes have the same axes, in number and extent. */
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/** How messages spell a shape: `[2, 3]`. */
export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;

/** Right-aligned broadcasting: extents must be equal or 1. Throws `ShapeError`. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError(`cannot broadcast ${showShape(a)} with ${showShape(b)}`);
    }
    return left === 1 ? right : left;
  });
}

/** Throws `ShapeError` unless `x` has exactly this rank; `what` names the caller and the argument. */
export function expectRank(what: string, x: { readonly shape: Shape }, rank: number): void {
  if (x.shape.length !== rank) throw new ShapeError(`${what} must have ${rank} axes, got ${showShape(x.shape)}`);
}

/** Throws `ShapeError` unless `x` has exactly this shape; `what` names the caller and the argument. */
export function expectShape(what: string, x: { readonly shape: Shape }, shape: Shape): void {
  if (!sameShape(x.shape, shape)) {
    throw new ShapeError(`${what} must be ${showShape(shape)}, got ${showShape(x.shape)}`);
  }
}

/** Throws `ShapeError` unless `offsets` ascend from 0 to `rows`; `what` names the caller and the argument. */
export function expectOffsets(what: string, offsets: Int32Array, rows: number): void {
  const ascending = offsets.every((offset, i) => i === 0 || offset >= offsets[i - 1]!);
  if (offsets[0] !== 0 || offsets.at(-1) !== rows || !ascending) {
    throw new ShapeError(`${what} must ascend from 0 to the ${rows} rows, got ${showOffsets(offsets)}`);
  }
}

function showOffsets(offsets: Int32Array): string {
  return offsets.length > 8 ? `[${offsets.slice(0, 7).join(", ")}, … ${offsets.at(-1)}]` : `[${offsets.join(", ")}]`;
}
