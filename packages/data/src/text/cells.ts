import { DataError, type DataPlace } from "../data-error.js";

/** No published table comes near; a long line of separators alone would take a multiple of its length in memory. */
const mostColumns = 1024;

/**
 * The cells of a line.
 * @throws {DataError} `columns` for more than 1,024.
 */
export function cellsOf(line: string, separator: string | RegExp, place: DataPlace): string[] {
  const cells = line.split(separator, mostColumns + 1);
  if (cells.length <= mostColumns) return cells;
  throw new DataError("columns", `wanted at most ${mostColumns} columns, came more`, place);
}
