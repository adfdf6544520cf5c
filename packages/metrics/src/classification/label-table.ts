import { checkLists, type List } from "../check-lists.js";
import { compareCodePoints } from "../compare-code-points.js";
import { LabelCounter, type LabelCounts } from "../label-counter.js";
import { MetricError, shown } from "../metric-error.js";
import type { Label } from "./accuracy.js";

/**
 * How often each label of either list is right, predicted and gold, by label, sorted as scikit-learn does. Throws a
 * MetricError: `length`, `empty`, and `value` where numbers and names are mixed or a number is NaN.
 */
export function countLabels(what: string, gold: List<Label>, predicted: List<Label>): Map<Label, LabelCounts> {
  checkLists(what, gold, predicted);
  const counter = new LabelCounter<Label>();
  for (let i = 0; i < gold.length; i++) {
    const [wanted, came] = [checkedLabel(what, gold, i), checkedLabel(what, predicted, i)];
    if (typeof wanted !== typeof came)
      throw new MetricError(
        "value",
        `${what}: gold label ${i} is ${shown(wanted)} and the predicted one ${shown(came)}: use numbers or names in both`,
      );
    counter.add(wanted, "gold");
    counter.add(came, "predicted");
    if (wanted === came) counter.add(wanted, "right");
  }
  return counter.sorted(compareLabels);
}

function checkedLabel(what: string, labels: List<Label>, i: number): Label {
  const label: unknown = labels[i];
  if (typeof label === "string" || (typeof label === "number" && !Number.isNaN(label))) return label;
  throw new MetricError("value", `${what}: a label is a number or a name, and label ${i} is ${shown(label)}`);
}

function compareLabels(a: Label, b: Label): number {
  return typeof a === "number" && typeof b === "number" ? a - b : compareCodePoints(String(a), String(b));
}
