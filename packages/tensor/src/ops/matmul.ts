import type { MatmulOptions } from "../backend.js";
import { ShapeError } from "../errors.js";
import { floatBackendOf } from "../operands.js";
import { broadcastShapes, type Shape, showShape } from "../shape.js";
import { differentiable, needsGradient } from "../tape.js";
import { Tensor } from "../tensor.js";
import { sumTo } from "./sum.js";

/**
 * a × b over the last two axes, either transposed first; leading axes broadcast. [..., n, k] × [..., k, m] → [..., n, m]
 * Throws `ShapeError`.
 */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false } = {}): Tensor {
  const options = { transposeA, transposeB };
  const backend = floatBackendOf("matmul", a, b);
  const out = Tensor.empty(backend, productShape(a.shape, b.shape, options));
  backend.kernels.matmul(a, b, out, options);
  const [forA, forB] = [needsGradient(a), needsGradient(b)]; // each costs as much as the product: frozen sides skip it
  return differentiable(out, [a, b], (dy) => [
    forA ? sumTo(slopeOfA(b, dy, options), a.shape) : null,
    forB ? sumTo(slopeOfB(a, dy, options), b.shape) : null,
  ]);
}

const slopeOfA = (b: Tensor, dy: Tensor, { transposeA, transposeB }: MatmulOptions): Tensor =>
  transposeA ? matmul(b, dy, { transposeA: transposeB, transposeB: true }) : matmul(dy, b, { transposeB: !transposeB });

const slopeOfB = (a: Tensor, dy: Tensor, { transposeA, transposeB }: MatmulOptions): Tensor =>
  transposeB ? matmul(dy, a, { transposeA: true, transposeB: transposeA }) : matmul(a, dy, { transposeA: !transposeA });

function productShape(a: Shape, b: Shape, { transposeA, transposeB }: MatmulOptions): Shape {
  if (a.length < 2 || b.length < 2) {
    throw new ShapeError(`matmul: both sides need two axes or more, got ${showShape(a)} × ${showShape(b)}`);
  }
  const [rows, innerA] = lastTwo(a, transposeA);
  const [innerB, columns] = lastTwo(b, transposeB);
  if (innerA !== innerB) {
    const sides = `${showShape(a)}${transposeA ? "ᵀ" : ""} × ${showShape(b)}${transposeB ? "ᵀ" : ""}`;
    throw new ShapeError(`matmul: inner extents differ, ${sides}`);
  }
  return [...broadcastShapes(a.slice(0, -2), b.slice(0, -2)), rows, columns];
}

function lastTwo(shape: Shape, transposed: boolean): [number, number] {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return transposed ? [columns, rows] : [rows, columns];
}
