import { checkFinite, checkLists, type List } from "../check-lists.js";

/**
 * Pearson's correlation of two lists of numbers, from −1 to 1, as SciPy's `pearsonr`; NaN, as there, where one of the
 * lists is constant. Throws a MetricError: `length`, `empty` for fewer than two pairs, `value` for NaN and infinities.
 */
export function pearson(gold: List<number>, predicted: List<number>): number {
  checkLists("pearson", gold, predicted, 2);
  checkFinite("pearson", gold);
  checkFinite("pearson", predicted);
  return correlation(gold, predicted);
}

/** Pearson's correlation of finite numbers, two or more of them. */
export function correlation(a: List<number>, b: List<number>): number {
  if (isConstant(a) || isConstant(b)) return Number.NaN;
  const [x, y] = [scaledDeviations(a), scaledDeviations(b)];
  let [product, squareX, squareY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    product += x[i]! * y[i]!;
    squareX += x[i]! ** 2;
    squareY += y[i]! ** 2;
  }
  // Rounding may lead past the ends by some 1e-16.
  return Math.max(-1, Math.min(1, product / Math.sqrt(squareX * squareY)));
}

function isConstant(values: List<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** How far each value is from the mean, scaled so that the farthest is 1 away: no square over- or underflows. */
function scaledDeviations(values: List<number>): Float64Array {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const deviations = Float64Array.from(values, (value) => value - sum / values.length);
  const largest = deviations.reduce((most, deviation) => Math.max(most, Math.abs(deviation)), 0);
  return deviations.map((deviation) => deviation / largest);
}
