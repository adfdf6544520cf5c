import type { List } from "../check-lists.js";
import {
  type Averages,
  averagesOf,
  type PrecisionRecall,
  precisionRecall,
  type ZeroDivision,
} from "../precision-recall.js";
import type { Label } from "./accuracy.js";
import { countLabels } from "./label-table.js";

/** What predicted labels scored. */
export interface LabelScores extends Averages {
  /** The part of the predictions that are right. */
  readonly accuracy: number;
  /** Each label of the gold or the predicted ones, sorted. */
  readonly labels: ReadonlyMap<Label, PrecisionRecall>;
}

export interface LabelOptions {
  /** What precision counts as where nothing was predicted, and recall where nothing was to be found; 0 unless said. */
  readonly zeroDivision?: ZeroDivision;
}

/**
 * Precision, recall and F1 of each label and their micro, macro and weighted averages, as scikit-learn's
 * `precision_recall_fscore_support`. Throws a MetricError: `length`, `empty`, `value` for labels that are NaN or mixed.
 */
export function scoreLabels(
  gold: List<Label>,
  predicted: List<Label>,
  { zeroDivision = 0 }: LabelOptions = {},
): LabelScores {
  const counts = countLabels("scoreLabels", gold, predicted);
  const averages = averagesOf([...counts.values()], zeroDivision);
  return {
    // A label for each item: what is predicted is as much as what is gold, so all of micro are the accuracy.
    accuracy: averages.micro.f1,
    ...averages,
    labels: new Map(Array.from(counts, ([label, count]) => [label, precisionRecall(count, zeroDivision)])),
  };
}

/**
 * F1 of one label against all others, as GLUE scores MRPC and QQP and scikit-learn `f1_score` with average "binary"; 0
 * where the label is neither gold nor predicted. Throws a MetricError as `scoreLabels` does.
 */
export function binaryF1(gold: List<Label>, predicted: List<Label>, positive: Label = 1): number {
  return precisionRecall(countLabels("binaryF1", gold, predicted).get(positive) ?? absent, 0).f1;
}

const absent = { right: 0, predicted: 0, gold: 0 };
