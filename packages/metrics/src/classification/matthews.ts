import type { List } from "../check-lists.js";
import type { Label } from "./accuracy.js";
import { countLabels } from "./label-table.js";

/**
 * Matthews' correlation coefficient of two or more classes, from −1 to 1, as GLUE scores CoLA and scikit-learn's
 * `matthews_corrcoef` (Gorodkin, 2004); 0 where all gold or all predicted labels are the same. Throws a MetricError:
 * `length`, `empty`, `value` for labels that are NaN or mixed.
 */
export function matthews(gold: List<Label>, predicted: List<Label>): number {
  let [right, product, squarePredicted, squareGold] = [0, 0, 0, 0];
  for (const counts of countLabels("matthews", gold, predicted).values()) {
    right += counts.right;
    product += counts.predicted * counts.gold;
    squarePredicted += counts.predicted ** 2;
    squareGold += counts.gold ** 2;
  }
  const items = gold.length;
  const variances = (items ** 2 - squarePredicted) * (items ** 2 - squareGold);
  return variances === 0 ? 0 : (right * items - product) / Math.sqrt(variances);
}
