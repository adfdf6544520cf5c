import { type Expression, f32x4, v128 } from "../emit/expression.js";
import type { FunctionBuilder, Local } from "../emit/function-builder.js";
import { exp, expModerate } from "./exponential.js";
import { polynomial } from "./polynomial.js";
import { tanh } from "./sigmoids.js";

/** x · Φ(x), as max(x, 0) − |x| · Φ(−|x|): one polynomial and one exponential, exact in the left tail too. */
export function gelu(f: FunctionBuilder, x: Local<"v128">): Expression<"v128"> {
  const { inside, mass } = tail(f, f.let(f32x4.absolute(x)));
  return f32x4.subtract(f32x4.larger(x, 0), f32x4.multiply(inside, mass));
}

/** Φ(x) + x · φ(x). */
export function geluSlope(f: FunctionBuilder, given: Local<"v128">): Expression<"v128"> {
  const x = bounded(f, given);
  const density = exp(f, f32x4.multiply(f32x4.multiply(x, x), -0.5));
  const beyond = f.let(tail(f, f.let(f32x4.absolute(x))).mass);
  const probability = v128.select(f32x4.greater(x, 0), f32x4.subtract(1, beyond), beyond);
  return f.multiplyAdd(f32x4.multiply(density, 1 / Math.sqrt(2 * Math.PI)), x, probability);
}

/** ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))). */
export const geluTanh = (f: FunctionBuilder, x: Local<"v128">): Expression<"v128"> =>
  f32x4.multiply(f32x4.multiply(x, 0.5), f32x4.add(tanh(f, inner(f, x)), 1));

export function geluTanhSlope(f: FunctionBuilder, given: Local<"v128">): Expression<"v128"> {
  const x = bounded(f, given);
  const t = f.let(tanh(f, inner(f, x)));
  const slopeOfTanh = f32x4.subtract(1, f32x4.multiply(t, t));
  const slopeOfInner = f.multiplyAdd(f32x4.multiply(x, x), 3 * cubic * rootTwoOverPi, rootTwoOverPi);
  const both = f32x4.multiply(f32x4.multiply(slopeOfTanh, slopeOfInner), x);
  return f32x4.multiply(f32x4.add(f32x4.add(t, 1), both), 0.5);
}

/** Past this Φ(−x) is below 5e-11, and taken for 0. */
const tailEnd = 6.5;

/**
 * Φ(−x) for x ≥ 0, the normal distribution's mass beyond x. Its logarithm is nearly a parabola; these coefficients
 * (least squares, reweighted until the largest error was smallest) leave 7e-8 of Φ(−x) for x < 2, and 6e-9 of
 * x · Φ(−x) everywhere. `inside` is x up to where the mass is 0, so that their product is 0 at infinity.
 */
function tail(f: FunctionBuilder, x: Local<"v128">): { inside: Local<"v128">; mass: Expression<"v128"> } {
  const inside = f.let(f32x4.smaller(x, tailEnd));
  const logarithm = f.let(
    polynomial(f, inside, [
      2.3790372e-7,
      -4.8746042e-6,
      4.12759327e-5,
      -0.000162490018,
      -5.38619934e-5,
      0.00487335166,
      -0.0363861397,
      -0.318296015,
      -0.797885954,
      -Math.LN2,
    ]),
  );
  return { inside, mass: v128.andNot(expModerate(f, logarithm), f32x4.greater(x, tailEnd)) };
}

const rootTwoOverPi = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/** √(2/π) · (x + 0.044715 x³). */
function inner(f: FunctionBuilder, x: Local<"v128">): Expression<"v128"> {
  const factor = f.multiplyAdd(f32x4.multiply(x, x), cubic * rootTwoOverPi, rootTwoOverPi);
  return f32x4.multiply(factor, x);
}

/** A slope of GELU is 0 or 1 beyond ±30; without the bound an infinity times 0 would give NaN. */
const bounded = (f: FunctionBuilder, x: Local<"v128">): Local<"v128"> => f.let(f32x4.larger(f32x4.smaller(x, 30), -30));
