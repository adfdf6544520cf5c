import { type ById, entriesOf } from "../by-id.js";
import { predictionOf } from "./gold-question.js";
import type { AnswerScores } from "./overlap.js";

/** The best that a threshold on the null odds can do for one score. */
export interface BestThreshold {
  /** The score with that threshold, in percent. */
  readonly score: number;
  /** Questions with odds above it count as having no answer. */
  readonly threshold: number;
  /** The mean over the questions that have an answer, none taken away, from 0 to 1; absent where there are none. */
  readonly hasAnswer?: number;
}

/** What the best threshold gives, for each score its own. */
export interface BestThresholds {
  readonly exactMatch: BestThreshold;
  readonly f1: BestThreshold;
}

/** What thresholds are chosen by. */
export interface ThresholdSearch {
  /** For each question whether it has an answer. */
  readonly answerable: ReadonlyMap<string, boolean>;
  /** What each question scored, no threshold applied. */
  readonly scores: ReadonlyMap<string, AnswerScores>;
  readonly predictions: ById<string>;
  readonly nullOdds: ById<number>;
}

/**
 * The best thresholds as `find_best_thresh` of SQuAD 2.0's script finds them: questions are let through one by one, by
 * growing odds, and the first best prefix wins. `hasAnswer` is what `find_best_thresh_v2` of transformers' squad_metrics
 * adds (`has_ans_exact`, `has_ans_f1`). Questions with the same odds keep the order of `nullOdds` and are let through one by one too, as in the script,
 * so a best score may lie between them.
 */
export function findBestThresholds(search: ThresholdSearch): BestThresholds {
  const order = Array.from(entriesOf(search.nullOdds)).filter(([id]) => search.scores.has(id));
  order.sort(([, a], [, b]) => a - b);
  return {
    exactMatch: findBest(search, order, ({ exactMatch }) => exactMatch),
    f1: findBest(search, order, ({ f1 }) => f1),
  };
}

function findBest(
  { answerable, scores, predictions }: ThresholdSearch,
  order: readonly (readonly [id: string, odds: number])[],
  scoreOf: (scores: AnswerScores) => number,
): BestThreshold {
  let current = [...answerable.values()].filter((has) => !has).length;
  let [best, threshold, hasAnswer, answered] = [current, 0, 0, 0];
  for (const [id, odds] of order) {
    const score = scoreOf(scores.get(id)!);
    if (answerable.get(id)) {
      current += score;
      hasAnswer += score;
      answered++;
    } else if (predictionOf(predictions, id)) current--;
    if (current > best) [best, threshold] = [current, odds];
  }
  return {
    score: (100 * best) / scores.size,
    threshold,
    ...(answered > 0 && { hasAnswer: hasAnswer / answered }),
  };
}
