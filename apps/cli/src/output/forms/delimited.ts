import type { Cell } from "../../rows/row.js";
import type { ElementCodec } from "../elements.js";
import { jsonCell } from "./json-cell.js";
import { jsonNumbers } from "./json-numbers.js";
import { type EncoderOrder, noBytes, type VectorEncoder } from "./vector-encoder.js";

/** What stands between fields. */
export type Delimiter = "," | "\t";

/**
 * A table with a header, quoted as RFC 4180 says, lines ending with \n: the kept columns, `text`, and `vector` as a JSON
 * array. A cell that is absent is nothing, an empty text is two quotes, nested cells are JSON, times ISO 8601.
 */
export function delimitedEncoder(codec: ElementCodec, { columns }: EncoderOrder, delimiter: Delimiter): VectorEncoder {
  const line = (fields: readonly string[]) => Buffer.from(`${fields.join(delimiter)}\n`);
  const quote = (field: string) => quoteField(field, delimiter);
  return {
    start: () => line([...columns.map(({ name }) => name), "text", "vector"].map(quote)),
    append: ({ text, cells, place }, elements) =>
      line([
        ...cells.map((cell) => delimitedCell(cell, delimiter)),
        quote(text),
        quote(jsonNumbers(codec, elements, place)),
      ]),
    finish: () => noBytes,
    state: () => undefined,
  };
}

/** A cell as it stands between delimiters: one that is absent is nothing. */
export function delimitedCell(cell: Cell, delimiter: Delimiter): string {
  return cell === null ? "" : quoteField(typeof cell === "string" ? cell : plain(cell), delimiter);
}

/** A field as it stands between delimiters. */
export function quoteField(field: string, delimiter: Delimiter): string {
  const needsQuotes = field === "" || field.includes(delimiter) || /["\r\n]/.test(field);
  return needsQuotes ? `"${field.replaceAll('"', '""')}"` : field;
}

/** Without JSON's quotes around it. */
function plain(cell: Exclude<Cell, string | null>): string {
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? "" : cell.toISOString();
  return typeof cell === "object" ? jsonCell(cell) : String(cell);
}
