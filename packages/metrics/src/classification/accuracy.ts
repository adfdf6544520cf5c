import { checkLists, type List } from "../check-lists.js";

/** A class: its number, or its name. */
export type Label = number | string;

/**
 * The part of the predictions that are right, from 0 to 1: GLUE's and XNLI's accuracy (XNLI's for each language on its
 * own, the languages then averaged). Throws a MetricError: `length`, `empty`.
 */
export function accuracy(gold: List<Label>, predicted: List<Label>): number {
  checkLists("accuracy", gold, predicted);
  let right = 0;
  for (let i = 0; i < gold.length; i++) if (gold[i] === predicted[i]) right++;
  return right / gold.length;
}
