import { Failure } from "../failure.js";
import { findInputs } from "../input/find-inputs.js";
import { openInputs } from "../input/input-rows.js";
import type { Row } from "../rows/row.js";

/** What a file predicts for an example. */
export interface PredictedCell {
  /** Where it stands, for messages. */
  readonly place: string;
  /** A label or a number as it is spelled; several numbers, one for each label, of Google's test_results.tsv. */
  readonly value: string | readonly number[];
}

/** What is looked for: labels, or numbers. */
export type PredictedKind = "label" | "score";

/**
 * Predictions in the order of the examples: JSON lines (`prediction`, `label`, `score`, or `labels` as bertkit classify
 * writes them), a table with a column `prediction`, `label` or `score` between tabs (GLUE's `index⇥prediction`), Google's
 * test_results.tsv of probabilities, or one in each line.
 * @throws {Failure} for a file that is none of these, and for an index that is not the example's number.
 */
export async function readPredictions(
  named: string,
  kind: PredictedKind,
  signal: AbortSignal,
): Promise<readonly PredictedCell[]> {
  const inputs = await findInputs([named], "lines");
  const columns = { field: undefined, keep: undefined, id: undefined, needsText: true };
  const { rows } = await openInputs(inputs, { columns, quotes: true, signal });
  const isJson = /\.(jsonl|ndjson)(\.\w+)?$/i.test(named);
  const read = isJson ? (row: Row) => valueInJson(row, kind) : tableReader(kind);
  const cells: PredictedCell[] = [];
  for await (const row of rows) {
    if (row.text.trim() === "" && isJson) continue;
    const value = read(row, cells.length);
    if (value !== undefined) cells.push({ place: row.place, value });
  }
  return cells;
}

const fields: Readonly<Record<PredictedKind, readonly string[]>> = {
  label: ["prediction", "label"],
  score: ["prediction", "score"],
};

function valueInJson({ text, place }: Row, kind: PredictedKind): string {
  const object = objectIn(text, place);
  const [best] = Array.isArray(object.labels) ? (object.labels as Readonly<Record<string, unknown>>[]) : [];
  const name = fields[kind].find((field) => object[field] !== undefined);
  const value = name === undefined ? best?.[kind] : object[name];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Failure(`${place}: this object has no ${fields[kind].join(" or ")}`, { hint: formHint });
}

function objectIn(text: string, place: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Failure(`${place}: this line is not JSON`, { cause: error, hint: formHint });
  }
  if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new Failure(`${place}: wanted an object, this line is ${text.slice(0, 80)}`, { hint: formHint });
}

/** Reads lines one by one; undefined for the header. */
function tableReader(kind: PredictedKind): (row: Row, index: number) => PredictedCell["value"] | undefined {
  let columns: TableColumns | undefined;
  return ({ text, place }, index) => {
    const cells = text.split("\t");
    if (columns === undefined) {
      columns = columnsOf(cells, kind, place);
      if (columns.hasHeader) return undefined;
    }
    const { width, value, number } = columns;
    if (cells.length !== width) {
      throw new Failure(`${place}: ${cells.length} columns where there were ${width}`, { hint: formHint });
    }
    if (number !== undefined && Number(cells[number]) !== index) {
      const problem = `the index is ${cells[number]}, and this is prediction ${index}`;
      throw new Failure(`${place}: ${problem}`, { hint: "predictions stand in the order of the examples, from 0" });
    }
    return value === undefined ? cells.map((cell) => numberIn(cell, place)) : (cells[value] as string);
  };
}

interface TableColumns {
  readonly hasHeader: boolean;
  readonly width: number;
  /** Undefined where all columns together are one prediction. */
  readonly value: number | undefined;
  /** Where the example's number is, if it is there. */
  readonly number?: number | undefined;
}

function columnsOf(cells: readonly string[], kind: PredictedKind, place: string): TableColumns {
  const width = cells.length;
  const name = fields[kind].find((field) => cells.includes(field));
  if (name !== undefined) {
    const number = cells.indexOf("index");
    return { hasHeader: true, width, value: cells.indexOf(name), number: number < 0 ? undefined : number };
  }
  if (width === 1) return { hasHeader: false, width, value: 0 };
  if (kind === "label" && cells.every(isNumber)) return { hasHeader: false, width, value: undefined };
  throw new Failure(`${place}: there is no column ${fields[kind].join(" or ")}`, { hint: formHint });
}

const isNumber = (cell: string): boolean => cell.trim() !== "" && Number.isFinite(Number(cell));

/**
 * The number that a prediction is.
 * @throws {Failure} where it is none.
 */
export function numberIn(cell: string, place: string): number {
  if (isNumber(cell)) return Number(cell);
  throw new Failure(`${place}: wanted a number, this is ${JSON.stringify(cell.slice(0, 80))}`, { hint: formHint });
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

const formHint = "a file of predictions has one in each line; --help says in which forms";
