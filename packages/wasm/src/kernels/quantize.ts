import { type Expression, f32, f32x4, i8x16, i16x8, i32, i32x4, v128 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { forEachVector, largestLane, smallestLane, sumOfLanes } from "./lanes.js";

/*
 * Numbers as levels: `quantizedLinear` of @bertkit/tensor's `Kernels` says which. Of each row two factors are kept, a
 * float and an integer: what a level is worth, and the level of 0.
 */

export const factorBytes = 8;

/** Levels are grouped in fours, as the products take them: a row ends with a whole group. */
export const levelsInRow = (depth: number): number => 4 * Math.ceil(depth / 4);

export interface QuantizeFunctions {
  /** Rows of floats to rows of levels `levelStride` bytes apart, and their factors. */
  quantizeRows(x: number, levels: number, levelStride: number, factors: number, rows: number, width: number): void;
  /** out[i] = scale[ids[i]] · table[ids[i]], rows of `columns` signed bytes. */
  gatherQuantizedRows(table: number, scale: number, ids: number, out: number, rows: number, columns: number): void;
}

export const quantizeSignature = {
  x: "i32",
  levels: "i32",
  levelStride: "i32",
  factors: "i32",
  rows: "i32",
  width: "i32",
} as const;

/**
 * @param byteLevels whether levels are written as bytes, else as 16-bit integers
 * @returns `quantizeRows`
 */
export function emitQuantize(module: ModuleBuilder, byteLevels: boolean): Callable<typeof quantizeSignature> {
  const gather = { table: "i32", scale: "i32", ids: "i32", out: "i32", rows: "i32", columns: "i32" } as const;
  module.function("gatherQuantizedRows", gather, (f, p) =>
    f.count(p.rows, () => {
      const id = f.let(i32.load(p.ids));
      const from = f.let(i32.add(p.table, i32.multiply(id, p.columns)));
      const scale = f.let(f32x4.loadSplat(i32.add(p.scale, i32.shiftLeft(id, 2))));
      forEachVector(f, p.columns, (at, lanes) => {
        const levels = i32x4.fromShorts(i16x8.loadBytes(i32.add(from, i32.shiftRight(at, 2))));
        lanes.store(i32.add(p.out, at), f32x4.multiply(f32x4.fromIntegers(levels), scale));
      });
      f.increase(p.ids, 4);
      f.increase(p.out, i32.shiftLeft(p.columns, 2));
    }),
  );
  return module.function("quantizeRows", quantizeSignature, (f, p) =>
    f.count(p.rows, () => {
      const { inverse, zero } = writeFactors(f, p);
      const levelAt = (address: Expression<"i32">): Expression<"v128"> => {
        const nearest = f32x4.nearest(f32x4.multiply(v128.load(address), inverse));
        return i32x4.fromFloats(f32x4.smaller(f32x4.larger(f32x4.add(nearest, zero), 0), 255));
      };
      forEachVector(f, p.width, (at) => {
        const levels = f.let(levelAt(i32.add(p.x, at)));
        const shorts = f.let(i16x8.narrow(levels, levels));
        if (byteLevels) {
          const bytes = i8x16.narrowUnsigned(shorts, shorts);
          f.storeLane(i32.add(p.levels, i32.shiftRight(at, 2)), bytes, 0);
        } else {
          f.storePair(i32.add(p.levels, i32.shiftRight(at, 1)), shorts);
        }
      });
      f.increase(p.x, i32.shiftLeft(p.width, 2));
      f.increase(p.levels, p.levelStride);
      f.increase(p.factors, factorBytes);
    }),
  );
}

interface Row {
  readonly x: Local<"i32">;
  readonly width: Local<"i32">;
  readonly factors: Local<"i32">;
}

/** One row's factors, and in all lanes what its numbers are multiplied with and the level of 0. */
function writeFactors(f: FunctionBuilder, { x, width, factors }: Row) {
  const low = f.let(f32x4.splat(0));
  const high = f.let(f32x4.splat(0));
  const poison = f.let(f32x4.splat(0));
  forEachVector(f, width, (at, lanes) => {
    const value = f.let(lanes.keep(v128.load(i32.add(x, at)), 0));
    f.set(low, f32x4.smaller(low, value));
    f.set(high, f32x4.larger(high, value));
    // NaN where a number is NaN or infinite, else 0.
    f.set(poison, f.multiplyAdd(value, 0, poison));
  });
  const [least, most] = [f.let(smallestLane(f, low)), f.let(largestLane(f, high))];
  const step = f.let(f32.add(f32.divide(f32.subtract(most, least), 255), sumOfLanes(f, poison)));
  const inverse = f.let(f32.divide(1, step));
  f.if(f32.equal(f32.absolute(inverse), Number.POSITIVE_INFINITY), () => {
    f.set(step, 0);
    f.set(inverse, 0);
  });
  const inverses = f.let(f32x4.splat(inverse));
  const zero = f.let(f32x4.nearest(f32x4.multiply(f32x4.splat(f32.subtract(0, least)), inverses)));
  f.storeScalar(factors, step);
  f.storeInteger(factors, i32x4.lane(i32x4.fromFloats(zero), 0), 4);
  return { inverse: inverses, zero };
}
