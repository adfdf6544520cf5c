import { type Expression, f32x4, i32, i32x4, v128 } from "../emit/expression.js";
import type { FunctionBuilder } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { forEachVector } from "./lanes.js";

export interface DropoutFunctions {
  /** x[i] / divisor where the 24 bits that belong to (seed, i) reach `threshold`, else 0. */
  dropout(x: number, out: number, count: number, seed: number, threshold: number, divisor: number): void;
}

export function emitDropout(module: ModuleBuilder): void {
  const signature = { x: "i32", out: "i32", count: "i32", seed: "i32", threshold: "i32", divisor: "f32" } as const;
  module.function("dropout", signature, (f, p) => {
    const seed = f.let(i32x4.splat(p.seed));
    const threshold = f.let(i32x4.splat(p.threshold));
    const divisor = f.let(f32x4.splat(p.divisor));
    const index = f.let(i32x4.constant(0, 1, 2, 3));
    forEachVector(f, p.count, (at, lanes) => {
      const hash = mix(f, i32x4.add(mix(f, index), seed));
      const keeps = f.let(i32x4.atLeastSigned(i32x4.shiftRight(hash, 8), threshold));
      const scaled = f32x4.divide(v128.load(i32.add(p.x, at)), divisor);
      lanes.store(i32.add(p.out, at), v128.and(scaled, keeps));
      f.set(index, i32x4.add(index, 4));
    });
  });
}

/** The steps of the `hash` that all backends share. */
function mix(f: FunctionBuilder, value: Expression<"v128">): Expression<"v128"> {
  const first = f.let(value);
  const second = f.let(i32x4.multiply(i32x4.xor(first, i32x4.shiftRight(first, 16)), 0x21f0aaad));
  const third = f.let(i32x4.multiply(i32x4.xor(second, i32x4.shiftRight(second, 15)), 0x735a2d97));
  return i32x4.xor(third, i32x4.shiftRight(third, 15));
}
