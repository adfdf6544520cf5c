import { delimitedTable } from "./delimited-table.js";
import type { Input } from "./find-inputs.js";
import type { InputWarnings } from "./input-warnings.js";
import { jsonTable } from "./json-table.js";
import { lineTable } from "./line-table.js";
import { readInput } from "./read-input.js";
import { readLines } from "./read-lines.js";
import type { Table } from "./table.js";

/** What goes with every input of a run. */
export interface Opening {
  /** Whether quotes delimit fields of csv and tsv. */
  readonly quotes: boolean;
  readonly signal: AbortSignal;
  readonly warnings: InputWarnings;
  /** Where the input begins among all, which its positions count from. */
  readonly start: number;
}

/**
 * Opens an input and reads its header.
 * @throws {Failure} for what cannot be read, or is not in the format.
 */
export async function openTable(input: Input, { quotes, signal, warnings, start }: Opening): Promise<Table> {
  const { name, format } = input;
  if (format === "parquet") {
    const { parquetTable } = await import("./parquet/parquet-table.js");
    return parquetTable(name, start, signal);
  }
  const lines = readLines(readInput(input, start, signal), name, warnings);
  if (format === "lines") return lineTable(lines, name);
  if (format === "jsonl") return jsonTable(lines, name, warnings);
  return delimitedTable(lines, name, { delimiter: format === "csv" ? "," : "\t", quotes });
}
