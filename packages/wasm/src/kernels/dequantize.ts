import { f32x4, i32, i32x4 } from "../emit/expression.js";
import type { Callable } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { mapVectors, type Place } from "./lanes.js";
import { factorBytes } from "./quantize.js";

export interface DequantizeFunctions {
  /** In place; a bias at 0 is none. */
  dequantize(
    c: number,
    cStride: number,
    rows: number,
    columns: number,
    factors: number,
    weightSums: number,
    scale: number,
    bias: number,
  ): void;
}

export const dequantizeSignature = {
  c: "i32",
  cStride: "i32",
  rows: "i32",
  columns: "i32",
  factors: "i32",
  weightSums: "i32",
  scale: "i32",
  bias: "i32",
} as const;

/**
 * Sums of levels, in place, to the floats they stand for: (sum − zero · weightSum) · (step · scale) + bias, with the
 * row's factors and the column's sum, scale and bias. A bias at 0 is none.
 */
export function emitDequantize(module: ModuleBuilder): Callable<typeof dequantizeSignature> {
  return module.function("dequantize", dequantizeSignature, (f, p) =>
    f.count(p.rows, () => {
      const step = f.let(f32x4.loadSplat(p.factors));
      const zero = f.let(i32x4.splat(i32.load(p.factors, 4)));
      const float = (place: Place) => {
        const shift = i32x4.multiply(zero, place.load(p.weightSums));
        const sum = f32x4.fromIntegers(i32x4.subtract(place.load(p.c), shift));
        return f32x4.multiply(sum, f32x4.multiply(step, place.load(p.scale)));
      };
      f.if(
        p.bias,
        () => mapVectors(f, p.columns, p.c, (place) => f32x4.add(float(place), place.load(p.bias))),
        () => mapVectors(f, p.columns, p.c, float),
      );
      f.increase(p.c, p.cStride);
      f.increase(p.factors, factorBytes);
    }),
  );
}
