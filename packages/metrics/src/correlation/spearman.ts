import { checkFinite, checkLists, type List } from "../check-lists.js";
import { correlation } from "./pearson.js";

/**
 * Spearman's rank correlation of two lists of numbers, from −1 to 1, as SciPy's `spearmanr`: equal values share the mean
 * of their ranks; NaN where one of the lists is constant. Throws a MetricError: `length`, `empty` for fewer than two
 * pairs, `value` for NaN and infinities.
 */
export function spearman(gold: List<number>, predicted: List<number>): number {
  checkLists("spearman", gold, predicted, 2);
  checkFinite("spearman", gold);
  checkFinite("spearman", predicted);
  return correlation(ranksOf(gold), ranksOf(predicted));
}

function ranksOf(values: List<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    const shared = (from + to - 1) / 2;
    for (; from < to; from++) ranks[order[from]!] = shared;
  }
  return ranks;
}
