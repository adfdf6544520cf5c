/**
 * A value of a row: what JSON, CSV and Parquet files hold. A whole number beyond 2^53 is a bigint; times are exact to
 * milliseconds; a decimal of more digits than a number has is a string.
 */
export type Cell = string | number | bigint | boolean | null | Date | readonly Cell[] | CellObject;

/** A nested object of a JSON line or a Parquet group. */
export interface CellObject {
  readonly [name: string]: Cell;
}

/**
 * What a column's cells are, as far as its file says; `null` may stand in any of them. `json` is anything. A column of
 * JSON lines has the type of its first cell, and any other may follow.
 */
export const columnTypes = ["string", "number", "integer", "boolean", "timestamp", "json"] as const;

/** One of {@link columnTypes}. */
export type ColumnType = (typeof columnTypes)[number];

/** A column that goes from the input to the output as it is. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** A row of the input. */
export interface Row {
  /** What is to be encoded. */
  readonly text: string;
  /** The kept columns, in the order of {@link RowSource.columns}. */
  readonly cells: readonly Cell[];
  /** How far into the source it ends, in the unit of {@link RowSource.extent}. */
  readonly position: number;
  /** Where it stands, for messages: `reviews.csv:12`, `reviews.parquet:row 12`. */
  readonly place: string;
}

/** Rows from files, from standard input, or from the command line. */
export interface RowSource {
  /** Bytes of the files as they lie there (compressed), or texts of the command line; undefined where nobody knows. */
  readonly extent: number | undefined;
  /** The columns that were asked to be kept. Of JSON lines, `*` is what the first object has, so the first line is read. */
  columns(): Promise<readonly Column[]>;
  /** The rows in order, read as they are asked for; can be gone through once. */
  readonly rows: AsyncIterable<Row>;
  /** The files it reads; empty for standard input and the command line. */
  readonly files: readonly string[];
  /** What a person should know about what was read, once it was. */
  warning(): string | undefined;
}
