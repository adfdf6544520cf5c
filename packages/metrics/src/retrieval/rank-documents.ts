import { type ById, entriesOf } from "../by-id.js";
import { compareCodePoints } from "../compare-code-points.js";
import { MetricError, shown } from "../metric-error.js";

/**
 * Document ids, the best score first, in trec_eval's order: scores are compared as float32, and among equals the greater
 * id comes first (by code points), so that no order of input can help. Throws a MetricError (`value`) for NaN.
 */
export function rankDocuments(scores: ById<number>): string[] {
  const ranked = Array.from(entriesOf(scores), ([id, score]) => {
    if (typeof score !== "number" || Number.isNaN(score))
      throw new MetricError("value", `documents have numbers as scores, and that of ${shown(id)} is ${shown(score)}`);
    return { id, score: Math.fround(score) };
  });
  ranked.sort((a, b) => (a.score === b.score ? compareCodePoints(b.id, a.id) : a.score < b.score ? 1 : -1));
  return ranked.map(({ id }) => id);
}
