import type { UnaryKind } from "@bertkit/tensor";

/** Σ cᵢ xⁿ⁻ⁱ by Horner's rule, the highest power's coefficient first. */
export const polynomial = (x: string, coefficients: readonly number[]): string =>
  coefficients
    .slice(1)
    .reduce((sum, coefficient) => `fma(${sum}, ${x}, ${float(coefficient)})`, float(coefficients[0]!));

/** A number as WGSL spells it. */
export const float = (value: number): string => `${Math.fround(value).toExponential(9)}f`;

// Polynomials as in the WASM backend: tanh is Cephes' tanhf, erf N. Juffa's erff, and `upperTail` is Φ(−x) for x ≥ 0 as
// the exponential of a polynomial (7e-8 of it for x < 2, and 6e-9 of x · Φ(−x) everywhere).
const precise = `
fn preciseTanh(x: f32) -> f32 {
  let size = min(abs(x), 9.5);
  let square = size * size;
  let near = fma(${polynomial(
    "square",
    [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1],
  )} * square, size, size);
  let far = 1.0 - 2.0 / (exp(2.0 * size) + 1.0);
  return select(far, near, size < 0.625) * select(1.0, -1.0, x < 0.0);
}
fn preciseErf(x: f32) -> f32 {
  let size = min(abs(x), 4.0);
  let square = size * size;
  let exponent = ${polynomial(
    "size",
    [-1.7285347e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1, -1.28717512e-1],
  )};
  let far = 1.0 - exp(fma(exponent, size, -size));
  let near = fma(${polynomial(
    "square",
    [-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1],
  )}, size, size);
  return select(near, far, size > 0.927734375) * select(1.0, -1.0, x < 0.0);
}
fn upperTail(x: f32) -> f32 {
  let inside = min(x, 6.5);
  return select(0.0, exp(${polynomial("inside", [
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
  ])}), x <= 6.5);
}
`;

const rootTwoOverPi = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

const slopes = `
fn geluOf(x: f32) -> f32 { return fma(-min(abs(x), 6.5), upperTail(abs(x)), max(x, 0.0)); }
fn geluSlopeOf(given: f32) -> f32 {
  let x = clamp(given, -30.0, 30.0);
  let beyond = upperTail(abs(x));
  return fma(x * ${float(1 / Math.sqrt(2 * Math.PI))}, exp(-0.5 * x * x), select(beyond, 1.0 - beyond, x > 0.0));
}
fn geluTanhInner(x: f32) -> f32 { return fma(x * x, ${float(cubic * rootTwoOverPi)}, ${float(rootTwoOverPi)}) * x; }
fn geluTanhOf(x: f32) -> f32 { return 0.5 * x * (1.0 + preciseTanh(geluTanhInner(x))); }
fn geluTanhSlopeOf(given: f32) -> f32 {
  let x = clamp(given, -30.0, 30.0);
  let t = preciseTanh(geluTanhInner(x));
  let slope = fma(x * x, ${float(3 * cubic * rootTwoOverPi)}, ${float(rootTwoOverPi)});
  return 0.5 * (1.0 + t + (1.0 - t * t) * slope * x);
}
`;

/** Each element-wise function as an expression of `x`; it may call `unaryFunctions`. */
export const unaryExpressions: Readonly<Record<UnaryKind, string>> = {
  negate: "-x",
  exp: "exp(x)",
  log: "log(x)",
  sqrt: "sqrt(x)",
  reciprocal: "1.0 / x",
  tanh: "preciseTanh(x)",
  sigmoid: "1.0 / (1.0 + exp(-x))",
  erf: "preciseErf(x)",
  relu: "max(x, 0.0)",
  step: "select(0.0, 1.0, x > 0.0)",
  gelu: "geluOf(x)",
  geluSlope: "geluSlopeOf(x)",
  geluTanh: "geluTanhOf(x)",
  geluTanhSlope: "geluTanhSlopeOf(x)",
};

/** What `unaryExpressions` call. */
export const unaryFunctions = precise + slopes;

/** A WGSL function `activate` that is the activation, or gives back its argument. */
export const activate = (activation: UnaryKind | undefined): string =>
  `${activation ? unaryFunctions : ""}
fn activate(x: f32) -> f32 { return ${activation ? unaryExpressions[activation] : "x"}; }
`;
