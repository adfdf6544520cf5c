import { type Expression, f32x4, i32x4, v128 } from "../emit/expression.js";
import type { FunctionBuilder, Local } from "../emit/function-builder.js";
import { polynomial } from "./polynomial.js";

/*
 * Range reductions and polynomials are those of S. Moshier's Cephes library (expf, logf): about one unit in the last
 * place.
 */

/** eˣ over all floats: 0 and infinity where IEEE says so, subnormal numbers included. */
export function exp(f: FunctionBuilder, x: Expression<"v128">): Expression<"v128"> {
  // Beyond these the result is 0 or infinity anyway.
  const bounded = f.let(f32x4.larger(f32x4.smaller(x, 88.8), -104));
  const { power, fraction } = reduce(f, bounded);
  // 2^power in two factors: alone it may not fit a float.
  const half = f.let(i32x4.shiftRightSigned(power, 1));
  const first = f32x4.multiply(fraction, powerOfTwo(half));
  return f32x4.multiply(first, powerOfTwo(i32x4.subtract(power, half)));
}

/** eˣ for −88 ≤ x ≤ 88, or NaN; below −87.7 it is 0, the float whose exponent bits are 0. */
export function expModerate(f: FunctionBuilder, x: Local<"v128">): Expression<"v128"> {
  const { power, fraction } = reduce(f, x);
  return f32x4.multiply(fraction, powerOfTwo(power));
}

/** eˣ for x ≤ 0 or NaN, as a softmax needs it: 0 below −87.7. */
export const expOfNegative = (f: FunctionBuilder, x: Expression<"v128">): Expression<"v128"> =>
  expModerate(f, f.let(f32x4.larger(x, -88)));

/** x = power · ln 2 + r with |r| ≤ ½ ln 2; `fraction` is eʳ. */
function reduce(f: FunctionBuilder, x: Local<"v128">): { power: Local<"v128">; fraction: Local<"v128"> } {
  // Added to a float, 1.5 · 2²³ leaves the nearest integer in its low bits.
  const shifter = 12582912;
  const shifted = f.let(f.multiplyAdd(x, Math.LOG2E, shifter));
  const power = f.let(i32x4.subtract(shifted, 0x4b400000));
  const whole = f.let(f32x4.subtract(shifted, shifter));
  // ln 2 in two parts, the first with so few bits that its product is exact.
  const high = f.let(f.multiplyAdd(whole, -0.693359375, x));
  const r = f.let(f.multiplyAdd(whole, 2.1219444005469057e-4, high));
  const tail = polynomial(
    f,
    r,
    [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1],
  );
  const fraction = f.let(f32x4.add(f.multiplyAdd(tail, f32x4.multiply(r, r), r), 1));
  return { power, fraction };
}

/** 2ⁿ for −126 ≤ n ≤ 127, made from its bits; 0 for −127. */
const powerOfTwo = (power: Expression<"v128">): Expression<"v128"> => i32x4.shiftLeft(i32x4.add(power, 127), 23);

/** The natural logarithm: −∞ at 0, NaN below. */
export function log(f: FunctionBuilder, x: Expression<"v128">): Expression<"v128"> {
  const given = f.let(x);
  const subnormal = f.let(f32x4.less(given, 1.17549435e-38));
  const scaled = f.let(v128.select(subnormal, f32x4.multiply(given, 8388608), given));
  // x = m · 2^power with ½ ≤ m < 1, then with √½ ≤ m < √2; `rest` is m − 1.
  const m = f.let(i32x4.add(i32x4.and(scaled, 0x007fffff), 0x3f000000));
  const low = f.let(f32x4.less(m, Math.SQRT1_2));
  const rest = f.let(f32x4.add(f32x4.subtract(m, 1), v128.and(low, m)));
  const bias = f.let(f32x4.add(v128.select(subnormal, 126 + 23, 126), v128.and(low, 1)));
  const power = f.let(f32x4.subtract(f32x4.fromIntegers(i32x4.shiftRight(scaled, 23)), bias));
  const square = f.let(f32x4.multiply(rest, rest));
  const series = polynomial(
    f,
    rest,
    [
      7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
      2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ],
  );
  const small = f.let(f.multiplyAdd(power, -2.1219444e-4, f32x4.multiply(f32x4.multiply(series, rest), square)));
  const sum = f32x4.add(rest, f.multiplyAdd(square, -0.5, small));
  const finite = f.let(f.multiplyAdd(power, 0.693359375, sum));
  const bounded = f.let(v128.select(f32x4.equal(given, Number.POSITIVE_INFINITY), given, finite));
  const positive = f.let(v128.select(f32x4.equal(given, 0), Number.NEGATIVE_INFINITY, bounded));
  return v128.select(f32x4.atLeast(given, 0), positive, Number.NaN);
}
