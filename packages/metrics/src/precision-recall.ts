import type { LabelCounts } from "./label-counter.js";

/** How one label was met. Each is from 0 to 1 but `support`. */
export interface PrecisionRecall {
  /** Of what was predicted as this, the part that is right. */
  readonly precision: number;
  /** Of what is this, the part that was predicted. */
  readonly recall: number;
  /** The harmonic mean of precision and recall. */
  readonly f1: number;
  /** How many there are in the gold data. */
  readonly support: number;
}

/** Several labels' scores made into one. */
export interface Averages {
  /** Of the counts of all labels together. */
  readonly micro: PrecisionRecall;
  /** The plain mean over labels, so that rare labels weigh as much as others. */
  readonly macro: PrecisionRecall;
  /** The mean over labels, each weighed by its support. */
  readonly weighted: PrecisionRecall;
}

/** What a fraction without a denominator counts as. */
export type ZeroDivision = 0 | 1;

/** Precision, recall and F1 of counts; a fraction of nothing is `zeroDivision`, as scikit-learn and seqeval have it. */
export function precisionRecall({ right, predicted, gold }: LabelCounts, zeroDivision: ZeroDivision): PrecisionRecall {
  const fraction = (numerator: number, denominator: number): number =>
    denominator === 0 ? zeroDivision : numerator / denominator;
  return {
    precision: fraction(right, predicted),
    recall: fraction(right, gold),
    f1: fraction(2 * right, predicted + gold),
    support: gold,
  };
}

/** The three averages over labels' counts. Without any label, or for `weighted` any gold, means are `zeroDivision`. */
export function averagesOf(labels: readonly LabelCounts[], zeroDivision: ZeroDivision): Averages {
  const sum = (part: (counts: LabelCounts) => number): number => labels.reduce((total, x) => total + part(x), 0);
  const all = { right: sum((x) => x.right), predicted: sum((x) => x.predicted), gold: sum((x) => x.gold) };
  const scores = labels.map((counts) => precisionRecall(counts, zeroDivision));
  const nothing = precisionRecall({ right: 0, predicted: all.predicted, gold: 0 }, zeroDivision);
  return {
    micro: precisionRecall(all, zeroDivision),
    macro: labels.length === 0 ? nothing : meanOf(scores, () => 1, all.gold),
    weighted: all.gold === 0 ? nothing : meanOf(scores, ({ support }) => support, all.gold),
  };
}

function meanOf(
  scores: readonly PrecisionRecall[],
  weight: (score: PrecisionRecall) => number,
  support: number,
): PrecisionRecall {
  let [precision, recall, f1, weights] = [0, 0, 0, 0];
  for (const score of scores) {
    const w = weight(score);
    precision += w * score.precision;
    recall += w * score.recall;
    f1 += w * score.f1;
    weights += w;
  }
  return { precision: precision / weights, recall: recall / weights, f1: f1 / weights, support };
}
