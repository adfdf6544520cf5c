import { checkLists, type List } from "../check-lists.js";
import { MetricError } from "../metric-error.js";
import { pearson } from "./pearson.js";
import { spearman } from "./spearman.js";

/** How scores of similarity go with what people said. */
export interface SimilarityScores {
  readonly pearson: number;
  readonly spearman: number;
}

/**
 * Pearson's and Spearman's correlation of similarities with gold scores, as STS-B and sentence-transformers report them.
 * Throws a MetricError: `length`, `empty` for fewer than two pairs, `value` for NaN and infinities.
 */
export function scoreSimilarity(gold: List<number>, similarities: List<number>): SimilarityScores {
  return { pearson: pearson(gold, similarities), spearman: spearman(gold, similarities) };
}

/**
 * The cosine of each pair of vectors, computed in float64: the similarities that STS is scored by; 0 where a vector is
 * zero. Throws a MetricError: `length` where lists or the vectors of a pair differ in length, `empty` without pairs.
 */
export function cosines(first: List<List<number>>, second: List<List<number>>): Float64Array {
  checkLists("cosines", first, second);
  return Float64Array.from({ length: first.length }, (_, i) => {
    const [a, b] = [first[i]!, second[i]!];
    if (a.length !== b.length)
      throw new MetricError("length", `cosines: the vectors of pair ${i} have ${a.length} and ${b.length} dimensions`);
    return cosine(a, b);
  });
}

function cosine(a: List<number>, b: List<number>): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    squareA += a[i]! ** 2;
    squareB += b[i]! ** 2;
  }
  const lengths = Math.sqrt(squareA) * Math.sqrt(squareB);
  return lengths === 0 ? 0 : product / lengths;
}
