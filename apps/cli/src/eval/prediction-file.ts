import { extname } from "node:path";
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
  [
    ".tsv",
    (predictions) => lines(["index\tprediction", ...predictions.map(({ prediction }, i) => `${i}\t${prediction}`)]),
  ],
  [".jsonl", (predictions) => lines(predictions.map((prediction, index) => JSON.stringify({ index, ...prediction })))],
]);

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join("");
