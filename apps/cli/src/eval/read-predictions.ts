import {
  readPredictedLabels,
  readPredictedLabelsJson,
  readPredictedScores,
  readPredictedScoresJson,
} from "@bertkit/data";
import { Failure } from "../failure.js";
import { openDataFile } from "./data-file.js";

/** Which label a file predicts for an example. */
export interface LabelCell {
  /** Where it stands, for messages. */
  readonly place: string;
  /** As the file spells it, or the probability of each of the task's labels. */
  readonly label: string | readonly number[];
}

/**
 * Predicted labels in the order of the examples: JSON lines where the file's name says so, else any of the tables that
 * `readPredictedLabels` takes.
 * @throws {Failure} for a file that is neither.
 */
export async function readLabels(named: string, signal: AbortSignal): Promise<readonly LabelCell[]> {
  const file = await openDataFile(named, signal);
  const labels = await file.readAll(file.isJsonLines ? readPredictedLabelsJson : readPredictedLabels);
  return labels.map(({ line, label }) => ({ place: `${file.name}:${line}`, label }));
}

/** Predicted numbers in the order of the examples; as `readLabels`. */
export async function readScores(named: string, signal: AbortSignal): Promise<readonly number[]> {
  const file = await openDataFile(named, signal);
  const scores = await file.readAll(file.isJsonLines ? readPredictedScoresJson : readPredictedScores);
  return scores.map(({ score }) => score);
}

/**
 * Checks that there is a prediction for each example.
 * @param isPart whether the examples are some of those that there are predictions for
 * @throws {Failure} where their numbers differ.
 */
export function checkCount(predictions: number, examples: number, isPart: boolean): void {
  if (predictions === examples || (isPart && predictions > examples)) return;
  const problem = `there are ${predictions} predictions for ${examples} examples`;
  throw new Failure(problem, { hint: "predictions stand in the order of the data, one for each example" });
}
