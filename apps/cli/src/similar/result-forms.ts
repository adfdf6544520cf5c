import { extname } from "node:path";
import { usageFailure } from "../failure.js";
import { type Delimiter, delimitedCell } from "../output/forms/delimited.js";
import { jsonCell } from "../output/forms/json-cell.js";
import type { Cell } from "../rows/row.js";
import { paint } from "../terminal/colors.js";
import { visibleText } from "../terminal/visible-text.js";
import { scoreText } from "./score-bar.js";

/** How results can be written: `page` is for people, on a terminal, `plain` the same in columns with tabs between. */
export type ResultForm = "page" | "plain" | "jsonl" | "csv" | "tsv";

/** The flags that decide it. */
export interface ResultFlags {
  readonly output?: string;
  readonly json?: boolean;
}

/**
 * The form that the flags ask for; without, a page on a terminal, else `piped`.
 * @throws {Failure} for a file whose extension is that of no form.
 */
export function resultFormOf({ output = "-", json }: ResultFlags, piped: ResultForm): ResultForm {
  if (json) return "jsonl";
  if (output === "-") return process.stdout.isTTY ? "page" : piped;
  const form = formOfExtension.get(extname(output).toLowerCase());
  if (form) return form;
  throw usageFailure(`${output}: its extension says no form of results`, "name it .jsonl, .csv or .tsv, or add --json");
}

const formOfExtension: ReadonlyMap<string, ResultForm> = new Map([
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
  [".csv", "csv"],
  [".tsv", "tsv"],
]);

/** Writes results as rows of a table. */
export interface ResultTable {
  /** What stands before the rows. */
  readonly head: string;
  row(cells: readonly Cell[]): string;
}

/** The name of the column of scores, which every table of results has. */
export const scoreColumn = "score";

/**
 * A table with these columns. Scores have six decimals, plain ones three.
 * @throws {Failure} where two columns have one name.
 */
export function resultTable(form: Exclude<ResultForm, "page">, columns: readonly string[]): ResultTable {
  checkNames(columns);
  const scoreIndex = columns.indexOf(scoreColumn);
  const rounded = (cells: readonly Cell[]): readonly Cell[] =>
    cells.map((cell, i) => (i === scoreIndex && typeof cell === "number" ? sixDecimals(cell) : cell));
  if (form === "plain") return { head: "", row: (cells) => plainRow(cells, scoreIndex) };
  if (form === "jsonl") return { head: "", row: (cells) => jsonRow(columns, rounded(cells)) };
  const delimiter = form === "csv" ? "," : "\t";
  return { head: delimitedRow(columns, delimiter), row: (cells) => delimitedRow(rounded(cells), delimiter) };
}

/** @throws {Failure} where two columns have one name. */
export function checkNames(columns: readonly string[]): void {
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice === undefined) return;
  throw usageFailure(`the results would have two columns called "${twice}"`, `leave "${twice}" out of --keep and --id`);
}

function plainRow(cells: readonly Cell[], scoreIndex: number): string {
  const shown = cells.map((cell, i) =>
    i === scoreIndex ? paint("bold", scoreText(cell as number)) : visibleText(cellText(cell)),
  );
  return `${shown.join("\t")}\n`;
}

function jsonRow(columns: readonly string[], cells: readonly Cell[]): string {
  const fields = columns.map((name, i) => `${JSON.stringify(name)}:${jsonCell(cells[i] ?? null)}`);
  return `{${fields.join(",")}}\n`;
}

function delimitedRow(cells: readonly Cell[], delimiter: Delimiter): string {
  return `${cells.map((cell) => delimitedCell(cell, delimiter)).join(delimiter)}\n`;
}

function cellText(cell: Cell): string {
  if (typeof cell === "string") return cell;
  if (cell === null) return "";
  return cell instanceof Date && !Number.isNaN(cell.getTime()) ? cell.toISOString() : jsonCell(cell);
}

const sixDecimals = (score: number): number => Number(score.toFixed(6)) + 0; // never -0
