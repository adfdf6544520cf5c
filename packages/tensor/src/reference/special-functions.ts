// Taken once: in a sandbox such as jest's every mention of a global is a slow look-up, and these loops are long.
const { abs, exp, sign, sqrt, tanh } = Math;

/**
 * The error function to double precision: below 3 its series of positive terms, which cannot cancel (Abramowitz &
 * Stegun 7.1.6), above its continued fraction (7.1.14).
 */
export function erf(x: number): number {
  const a = abs(x);
  if (a > 6) return sign(x);
  if (a < 3) {
    let sum = a;
    let term = a;
    for (let n = 1; term > 1e-17 * sum; n++) {
      term *= (2 * a * a) / (2 * n + 1);
      sum += term;
    }
    return sign(x) * (2 / sqrt(Math.PI)) * exp(-a * a) * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (a + fraction);
  return sign(x) * (1 - exp(-a * a) / sqrt(Math.PI) / (a + fraction));
}

/** The normal distribution's cumulative probability, Φ(x). */
export const normalProbability = (x: number): number => 0.5 * (1 + erf(x * Math.SQRT1_2));

/** The normal distribution's density, φ(x). */
export const normalDensity = (x: number): number => exp(-0.5 * x * x) / sqrt(2 * Math.PI);

const rootTwoOverPi = sqrt(2 / Math.PI);
const cubic = 0.044715;

/** The tanh approximation of GELU (Hendrycks & Gimpel 2016, section 2). */
export const geluTanh = (x: number): number => 0.5 * x * (1 + tanh(rootTwoOverPi * (x + cubic * x * x * x)));

export function geluTanhSlope(x: number): number {
  const t = tanh(rootTwoOverPi * (x + cubic * x * x * x));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * rootTwoOverPi * (1 + 3 * cubic * x * x);
}
