import { pipeline } from "node:stream";
import { type CsvError, type Info, parse } from "csv-parse";
import { codeOf, Failure } from "../failure.js";
import { type Line, longestLine } from "./read-lines.js";
import type { SourceText } from "./source-text.js";

/** Which column of which kind of table. */
export interface TableOptions {
  readonly name: string;
  readonly delimiter: "," | "\t";
  /** Whether quotes around a field are its delimiters, as in RFC 4180, or characters of its text. */
  readonly quotes: boolean;
  readonly field: string | undefined;
}

/** A column of a table whose first row names the columns; blank lines are skipped unless there is but one column. */
export async function* tableTexts(lines: AsyncIterable<Line>, options: TableOptions): AsyncGenerator<SourceText> {
  const { name, delimiter, quotes } = options;
  let wholeLines = 0; // of the rows parsed so far, which may wait for the loop below
  const parser = parse({
    delimiter,
    quote: quotes ? '"' : null,
    info: true,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true, // checked below, where blank lines are known
    relax_quotes: true, // a " in the middle of a field is a character of it
    max_record_size: longestLine,
    on_record: (record, { lines }) => {
      wholeLines = lines;
      return record;
    },
  });
  // The errors of either side reach the loop below through the parser.
  pipeline(blocks(lines), parser, () => {});
  let columns: readonly string[] | undefined;
  let column = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (columns === undefined) {
        columns = record;
        column = columnOf(columns, options);
        continue;
      }
      if (record.length === 1 && record[0] === "" && columns.length > 1) continue;
      if (record.length !== columns.length) {
        const counts = `${record.length} fields where the header has ${columns.length}`;
        throw new Failure(`${name}:${info.lines}: ${counts}${quoteHint(options)}`);
      }
      yield { text: record[column] as string, position: info.bytes };
    }
  } catch (error) {
    throw codeOf(error)?.startsWith("CSV_") ? tableFailure(error as CsvError, wholeLines + 1, options) : error;
  }
}

/** Lines glued together again, some hundred at a time: a stream's cost is by the piece. */
async function* blocks(lines: AsyncIterable<Line>): AsyncGenerator<string> {
  let block = "";
  for await (const { text, ending } of lines) {
    block += text + ending;
    if (block.length < 16384) continue;
    yield block;
    block = "";
  }
  if (block !== "") yield block;
}

function columnOf(columns: readonly string[], { name, field }: TableOptions): number {
  const wanted = field === undefined ? usualColumns(columns) : columns.filter((column) => column === field);
  if (wanted.length === 1) return columns.indexOf(wanted[0] as string);
  const list = columns.map((column) => JSON.stringify(column)).join(", ");
  if (field === undefined) throw new Failure(`${name}: which column? Choose one with --field NAME: ${list}`);
  const problem = wanted.length === 0 ? "no column" : `${wanted.length} columns`;
  throw new Failure(`${name}: ${problem} named ${JSON.stringify(field)}; there are ${list}`);
}

function usualColumns(columns: readonly string[]): readonly string[] {
  return columns.length === 1 ? columns : columns.filter((column) => /^(text|sentence)$/i.test(column.trim()));
}

function tableFailure(error: CsvError, line: number, options: TableOptions): Failure {
  const reason = reasons.get(error.code) ?? error.message;
  return new Failure(`${options.name}:${line}: ${reason}${quoteHint(options)}`, { cause: error });
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["CSV_QUOTE_NOT_CLOSED", "a quote that opens in this row is never closed"],
  ["CSV_MAX_RECORD_SIZE", `this row is longer than ${longestLine / 2 ** 20} MiB; is a quote never closed?`],
]);

function quoteHint({ quotes }: TableOptions): string {
  return quotes ? " (if quotes are part of the texts in this file, add --no-quotes)" : "";
}
