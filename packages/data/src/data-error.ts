/**
 * Why data could not be read or written.
 *
 * - `json`: the text is not JSON, or its JSON has no end.
 * - `shape`: JSON whose fields are not those of the format.
 * - `columns`: a line or a header without the columns of the format.
 * - `value`: a cell or field of the right kind holds what its place does not allow.
 * - `empty`: nothing came where a header has to be.
 * - `limit`: a line or a record is longer than is taken into memory.
 * - `argument`: the call asks for what cannot be.
 */
export type DataErrorCode = "json" | "shape" | "columns" | "value" | "empty" | "limit" | "argument";

/** Where in a file something stands. */
export interface DataPlace {
  /** From 1. */
  readonly line?: number | undefined;
  /** Within JSON, such as `data[0].paragraphs[2].context`. */
  readonly path?: string | undefined;
}

/** The one error of this package: the message says where, what was wanted and what came; `code` is for programs. */
export class DataError extends Error {
  override readonly name = "DataError";
  /** From 1; undefined where the file is one JSON document. */
  readonly line: number | undefined;
  /** The place within JSON; undefined in tables and lines of text. */
  readonly path: string | undefined;

  constructor(
    readonly code: DataErrorCode,
    /** The message without the place. */
    readonly problem: string,
    { line, path, ...options }: DataPlace & ErrorOptions = {},
  ) {
    const place = [line === undefined ? [] : `line ${line}`, path || []].flat().join(", ");
    super(place ? `${place}: ${problem}` : problem, options);
    this.line = line;
    this.path = path;
  }
}

/**
 * A value out of a file as a message may show it: of bounded length, on one line, and containers by their kind only.
 */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value);
}

const longestShown = 80;
