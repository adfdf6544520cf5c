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
  const [x, y] = [unitDeviations(a), unitDeviations(b)];
  let product = 0;
  for (let i = 0; i < x.length; i++) product += x[i]! * y[i]!;
  // Rounding may lead past the ends by some 1e-16.
  return Math.max(-1, Math.min(1, product));
}

function isConstant(values: List<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** How far each value is from the mean, scaled to a vector of length 1; no square over- or underflows on the way. */
function unitDeviations(values: List<number>): Float64Array {
  const count = values.length;
  const deviations = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    deviations[i] = values[i]! - sum / count;
    largest = Math.max(largest, Math.abs(deviations[i]!));
  }
  let square = 0;
  for (let i = 0; i < count; i++) square += (deviations[i]! / largest) ** 2;
  const length = Math.sqrt(square);
  return deviations.map((deviation) => deviation / largest / length);
}
