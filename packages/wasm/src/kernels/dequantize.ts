import { f32x4, i32, i32x4, v128 } from "../emit/expression.js";
import type { Callable } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { forEachVector } from "./lanes.js";
import { factorBytes } from "./quantize.js";

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
      const bias = f.let(f32x4.splat(0));
      forEachVector(f, p.columns, (at, lanes) => {
        const to = f.let(i32.add(p.c, at));
        const shift = i32x4.multiply(zero, v128.load(i32.add(p.weightSums, at)));
        const sum = f32x4.fromIntegers(i32x4.subtract(v128.load(to), shift));
        const worth = f32x4.multiply(step, v128.load(i32.add(p.scale, at)));
        const product = f.let(f32x4.multiply(sum, worth));
        f.if(p.bias, () => f.set(bias, v128.load(i32.add(p.bias, at))));
        lanes.store(to, f32x4.add(product, bias));
      });
      f.increase(p.c, p.cStride);
      f.increase(p.factors, factorBytes);
    }),
  );
}
