import { type Expression, f32x4, v128 } from "../emit/expression.js";
import type { FunctionBuilder, Local } from "../emit/function-builder.js";
import { exp, expModerate } from "./exponential.js";
import { polynomial } from "./polynomial.js";

/** 1 / (1 + e⁻ˣ). */
export const sigmoid = (f: FunctionBuilder, x: Expression<"v128">): Expression<"v128"> =>
  f32x4.divide(1, f32x4.add(exp(f, f32x4.negate(x)), 1));

/** The hyperbolic tangent: Cephes' polynomial (tanhf) near 0, 1 − 2 / (e²ˣ + 1) beyond. */
export function tanh(f: FunctionBuilder, x: Expression<"v128">): Expression<"v128"> {
  const given = f.let(x);
  // From 9.01 on the nearest float is 1.
  const size = f.let(f32x4.smaller(f32x4.absolute(given), 9.5));
  const twice = f.let(f32x4.add(size, size));
  const far = f.let(f32x4.subtract(1, f32x4.divide(2, f32x4.add(expModerate(f, twice), 1))));
  const square = f.let(f32x4.multiply(size, size));
  const series = f32x4.multiply(
    polynomial(
      f,
      square,
      [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1],
    ),
    square,
  );
  const near = f.let(f.multiplyAdd(series, size, size));
  return withSignOf(given, v128.select(f32x4.less(size, 0.625), near, far));
}

/** The error function, after N. Juffa's erff: a polynomial near 0, 1 − e^(a polynomial) beyond. */
export function erf(f: FunctionBuilder, x: Expression<"v128">): Expression<"v128"> {
  const given = f.let(x);
  // From 3.92 on the nearest float is 1.
  const size = f.let(f32x4.smaller(f32x4.absolute(given), 4));
  const exponent = polynomial(
    f,
    size,
    [-1.7285347e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1, -1.28717512e-1],
  );
  const bounded = f.let(f.multiplyAdd(exponent, size, f32x4.negate(size)));
  const far = f.let(f32x4.subtract(1, expModerate(f, bounded)));
  const square = f.let(f32x4.multiply(given, given));
  const near = f.let(
    f.multiplyAdd(
      polynomial(
        f,
        square,
        [-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1],
      ),
      given,
      given,
    ),
  );
  return v128.select(f32x4.greater(size, 0.927734375), withSignOf(given, far), near);
}

const signBit = -0;

const withSignOf = (sign: Local<"v128">, size: Expression<"v128">): Expression<"v128"> =>
  v128.or(size, v128.and(sign, signBit));
