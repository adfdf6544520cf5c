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
      const integersAt = (address: Expression<"i32">, offset = 0): Expression<"v128"> =>
        i32x4.add(f32x4.add(f32x4.multiply(v128.load(address, offset), inverse), shifter), zero);
      const shortsAt = (address: Local<"i32">, offset: number): Local<"v128"> =>
        f.let(i16x8.narrow(integersAt(address, offset), integersAt(address, offset + 16)));
      const at = f.let(i32.constant(0));
      const end = f.let(i32.shiftLeft(i32.and(p.width, ~15), 2));
      f.while(i32.less(at, end), () => {
        const from = f.let(i32.add(p.x, at));
        const bytes = f.let(i8x16.narrowUnsigned(shortsAt(from, 0), shortsAt(from, 32)));
        if (byteLevels) {
          f.store(i32.add(p.levels, i32.shiftRight(at, 2)), bytes);
        } else {
          const to = f.let(i32.add(p.levels, i32.shiftRight(at, 1)));
          f.store(to, i16x8.fromLowBytes(bytes));
          f.store(to, i16x8.fromHighBytes(bytes), 16);
        }
        f.increase(at, 64);
      });
      forEachVector(
        f,
        p.width,
        (rest) => {
          const integers = f.let(integersAt(i32.add(p.x, rest)));
          const shorts = f.let(i16x8.narrow(integers, integers));
          const bytes = f.let(i8x16.narrowUnsigned(shorts, shorts));
          if (byteLevels) f.storeLane(i32.add(p.levels, i32.shiftRight(rest, 2)), bytes, 0);
          else f.storePair(i32.add(p.levels, i32.shiftRight(rest, 1)), i16x8.fromLowBytes(bytes));
        },
        at,
      );
      f.increase(p.x, i32.shiftLeft(p.width, 2));
      f.increase(p.levels, p.levelStride);
      f.increase(p.factors, factorBytes);
    }),
  );
}

/** Added to a float, 1.5 · 2²³ leaves the nearest integer, halves to an even one, in its low bits. */
const shifter = 12582912;
const shifterBits = 0x4b400000;

interface Row {
  readonly x: Local<"i32">;
  readonly width: Local<"i32">;
  readonly factors: Local<"i32">;
}

/**
 * One row's factors; in all lanes, what its numbers are multiplied with, and what then makes a level of the bits of
 * that and the shifter: the level of 0, less the shifter's bits.
 */
function writeFactors(f: FunctionBuilder, { x, width, factors }: Row) {
  const { least, most, poison } = range(f, x, width);
  const step = f.let(f32.add(f32.divide(f32.subtract(most, least), 255), poison));
  const inverse = f.let(f32.divide(1, step));
  f.if(f32.equal(f32.absolute(inverse), Number.POSITIVE_INFINITY), () => {
    f.set(step, 0);
    f.set(inverse, 0);
  });
  const inverses = f.let(f32x4.splat(inverse));
  const shifted = f32x4.add(f32x4.multiply(f32x4.splat(f32.subtract(0, least)), inverses), shifter);
  const zero = f.let(i32x4.subtract(shifted, shifterBits));
  f.storeScalar(factors, step);
  f.storeInteger(factors, i32x4.lane(zero, 0), 4);
  return { inverse: inverses, zero: f.let(i32x4.subtract(zero, shifterBits)) };
}

/** The least and the largest number of a row and 0; `poison` is NaN where one is NaN or infinite, else 0. */
function range(f: FunctionBuilder, x: Local<"i32">, width: Local<"i32">) {
  // Four at a time, for each operation waits for the one before on the same variable.
  const parts = Array.from({ length: 4 }, () => {
    const zero = () => f.let(f32x4.splat(0));
    return { low: zero(), high: zero(), poison: zero() };
  });
  const take = ({ low, high, poison }: (typeof parts)[number], value: Local<"v128">): void => {
    f.set(low, f32x4.smaller(low, value));
    f.set(high, f32x4.larger(high, value));
    f.set(poison, f.multiplyAdd(value, 0, poison));
  };
  const at = f.let(i32.constant(0));
  const end = f.let(i32.shiftLeft(i32.and(width, ~15), 2));
  f.while(i32.less(at, end), () => {
    const from = f.let(i32.add(x, at));
    for (const [i, part] of parts.entries()) take(part, f.let(v128.load(from, 16 * i)));
    f.increase(at, 64);
  });
  const [first, ...others] = parts as [(typeof parts)[number], ...typeof parts];
  forEachVector(f, width, (rest, lanes) => take(first, f.let(lanes.keep(v128.load(i32.add(x, rest)), 0))), at);
  for (const { low, high, poison } of others) {
    f.set(first.low, f32x4.smaller(first.low, low));
    f.set(first.high, f32x4.larger(first.high, high));
    f.set(first.poison, f32x4.add(first.poison, poison));
  }
  return {
    least: f.let(smallestLane(f, first.low)),
    most: f.let(largestLane(f, first.high)),
    poison: sumOfLanes(f, first.poison),
  };
}
