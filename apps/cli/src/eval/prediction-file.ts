import { extname } from "node:path";
import { toGluePredictions } from "@bertkit/data";
import { usageFailure } from "../failure.js";

/** What a model predicts for an example. */
export interface ExamplePrediction {
  /** A label as the data spells it, or a number. */
  readonly prediction: string | number;
  /** How sure the model is of a label. */
  readonly score?: number;
}

/**
 * How predictions are written by the file's extension: .tsv as GLUE takes them, .jsonl as objects.
 * @throws {Failure} for another extension.
 */
export function predictionForm(output: string): (predictions: readonly ExamplePrediction[]) => string {
  const form = forms.get(extname(output).toLowerCase());
  if (form) return form;
  throw usageFailure(`${output}: its extension says no form of predictions`, "name it .tsv or .jsonl");
}

const forms: ReadonlyMap<string, (predictions: readonly ExamplePrediction[]) => string> = new Map([
  [".tsv", (predictions) => toGluePredictions(predictions.map(({ prediction }) => prediction))],
  [".jsonl", (predictions) => predictions.map((made, index) => `${JSON.stringify({ index, ...made })}\n`).join("")],
]);
