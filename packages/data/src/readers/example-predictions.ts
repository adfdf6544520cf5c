import { DataError, shown } from "../data-error.js";
import { cellsOf } from "../text/cells.js";
import type { JsonObject } from "../text/json-object.js";
import { jsonLines } from "../text/json-values.js";
import { type Line, linesOf, type TextSource } from "../text/lines.js";
import { isNumber, numberOf } from "../text/numbers.js";

/** Which label somebody predicts for an example. */
export interface PredictedLabel {
  /** From 1. */
  readonly line: number;
  /** As the file spells it; of Google's `test_results.tsv` the probability of each label. */
  readonly label: string | readonly number[];
}

/** Which number somebody predicts for an example. */
export interface PredictedScore {
  /** From 1. */
  readonly line: number;
  readonly score: number;
}

/**
 * Predicted labels in the order of the examples: a table with a column `prediction` or `label` between tabs, such as
 * GLUE's index⇥prediction; probabilities between tabs, as run_classifier.py writes its `test_results.tsv`; or a label a
 * line. Since what follows would be another example's, nothing is left out but blank lines at the end.
 * @throws {DataError} `columns` for a table without such a column or a line of another width, `value` for an index that
 * is not the example's number from 0, for what is no number among probabilities, and for a blank line between others.
 */
export async function* readPredictedLabels(source: TextSource): AsyncGenerator<PredictedLabel> {
  for await (const { line, cells, value } of predictionRows(source, "label")) {
    if (value === undefined) yield { line, label: cells.map((cell) => numberOf(cell, "a probability", { line })) };
    else yield { line, label: value };
  }
}

/**
 * Predicted numbers in the order of the examples: a table with a column `prediction` or `score` between tabs, or a number
 * a line. Throws as {@link readPredictedLabels}, and for what is no number.
 */
export async function* readPredictedScores(source: TextSource): AsyncGenerator<PredictedScore> {
  for await (const { line, value = "" } of predictionRows(source, "score")) {
    yield { line, score: numberOf(value, "the prediction", { line }) };
  }
}

/**
 * Predicted labels in the order of the examples, from JSON lines with a `prediction` or a `label`, or with `labels` whose
 * first one is the likeliest.
 * @throws {DataError} `json` or `shape` for a line that is no such object.
 */
export async function* readPredictedLabelsJson(source: TextSource): AsyncGenerator<PredictedLabel> {
  for await (const { line, value } of predictionObjects(source, "label")) yield { line, label: String(value) };
}

/**
 * Predicted numbers in the order of the examples, from JSON lines with a `prediction` or a `score`, or with `labels` whose
 * first one has a score.
 * @throws {DataError} `json` or `shape` for a line that is no such object, `value` for what is no number.
 */
export async function* readPredictedScoresJson(source: TextSource): AsyncGenerator<PredictedScore> {
  for await (const { line, value } of predictionObjects(source, "score")) {
    yield { line, score: numberOf(String(value), "the prediction", { line }) }; // JSON's 1e999 is Infinity
  }
}

/** What a file's predictions are. */
type Kind = "label" | "score";

const columnNames: Readonly<Record<Kind, readonly string[]>> = {
  label: ["prediction", "label"],
  score: ["prediction", "score"],
};

interface PredictionRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** Undefined where all cells together are the prediction. */
  readonly value: string | undefined;
}

/** Where a table has its predictions. */
interface PredictionColumns {
  readonly hasHeader: boolean;
  readonly width: number;
  /** Undefined where all columns together are one prediction. */
  readonly value: number | undefined;
  /** Where the example's number is, if it is there. */
  readonly index?: number | undefined;
}

async function* predictionRows(source: TextSource, kind: Kind): AsyncGenerator<PredictionRow> {
  let columns: PredictionColumns | undefined;
  let predictions = 0;
  for await (const line of withoutBlankEnd(source)) {
    const place = { line: line.number };
    const cells = cellsOf(line.text, "\t", place);
    if (columns === undefined) {
      columns = columnsOf(cells, kind, line);
      if (columns.hasHeader) continue;
    }
    checkRow(cells, columns, predictions++, line);
    yield { line: line.number, cells, value: columns.value === undefined ? undefined : cells[columns.value] };
  }
}

async function* withoutBlankEnd(source: TextSource): AsyncGenerator<Line> {
  let blank: number | undefined;
  for await (const line of linesOf(source)) {
    const isBlank = line.text.trim() === "";
    if (isBlank) blank ??= line.number;
    else if (blank !== undefined)
      throw new DataError("value", "wanted a prediction, came a blank line", { line: blank });
    else yield line;
  }
}

function columnsOf(cells: readonly string[], kind: Kind, { text, number }: Line): PredictionColumns {
  const width = cells.length;
  const names = columnNames[kind];
  const name = names.find((name) => cells.includes(name));
  if (name !== undefined) {
    const index = cells.indexOf("index");
    return { hasHeader: true, width, value: cells.indexOf(name), index: index < 0 ? undefined : index };
  }
  if (width === 1) return { hasHeader: false, width, value: 0 };
  if (kind === "label" && cells.every(isNumber)) return { hasHeader: false, width, value: undefined };
  const problem = `wanted a header line with the column ${names.join(" or ")}, came ${shown(text)}`;
  throw new DataError("columns", problem, { line: number });
}

function checkRow(
  cells: readonly string[],
  { width, index }: PredictionColumns,
  prediction: number,
  { text, number }: Line,
): void {
  if (cells.length !== width) {
    const problem = `wanted ${width} columns between tabs, came ${cells.length}: ${shown(text)}`;
    throw new DataError("columns", problem, { line: number });
  }
  const cell = index === undefined ? prediction : (cells[index] as string);
  if (cell === prediction || cell === String(prediction)) return;
  const problem = `wanted the index ${prediction}, since predictions stand in the order of the examples, came ${cell}`;
  throw new DataError("value", problem, { line: number });
}

interface PredictionObject {
  readonly line: number;
  readonly value: string | number;
}

async function* predictionObjects(source: TextSource, kind: Kind): AsyncGenerator<PredictionObject> {
  for await (const parse of jsonLines(source)) {
    const object = parse();
    const [best] = object.value("labels") === undefined ? [] : object.objects("labels");
    const value = columnNames[kind].map((name) => object.value(name)).find(isPrediction) ?? best?.value(kind);
    if (!isPrediction(value)) throw withoutPrediction(object, kind);
    yield { line: object.place.line as number, value };
  }
}

const isPrediction = (value: unknown): value is string | number =>
  typeof value === "string" || typeof value === "number";

function withoutPrediction({ place }: JsonObject, kind: Kind): DataError {
  const problem = `wanted a ${columnNames[kind].join(" or ")}, which this object does not have`;
  return new DataError("shape", problem, place);
}
