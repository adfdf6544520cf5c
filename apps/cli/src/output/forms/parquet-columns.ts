import type { SchemaElement } from "hyparquet";
import { Failure } from "../../failure.js";
import type { Cell, Column, ColumnType } from "../../rows/row.js";
import { jsonCell } from "./json-cell.js";

/** What a cell becomes in a column of Parquet. */
export type ParquetValue = string | number | bigint | boolean | Date | null;

/** A kept column in a file of Parquet. */
export interface ParquetColumn {
  readonly name: string;
  /** What the schema says of it. */
  readonly element: SchemaElement;
  /** @throws {Failure} where the cell is not of the column's type. */
  readonly toValue: (cell: Cell, place: string) => ParquetValue;
}

/** The column of Parquet for a kept column: any cell may be absent. */
export function parquetColumn({ name, type }: Column): ParquetColumn {
  const { value, wanted, ...rest } = kinds[type];
  const toValue = (cell: Cell, place: string): ParquetValue => {
    if (cell === null) return null;
    const result = value(cell);
    if (result !== undefined) return result;
    const problem = `column ${JSON.stringify(name)} has ${wanted} so far, and here ${shown(cell)}`;
    const hint = "write .jsonl or .csv, or leave the column out of --keep";
    throw new Failure(`${place}: ${problem}`, { hint });
  };
  return { name, element: { name, repetition_type: "OPTIONAL", ...rest }, toValue };
}

interface Kind {
  readonly type: NonNullable<SchemaElement["type"]>;
  readonly converted_type?: NonNullable<SchemaElement["converted_type"]>;
  /** The column's cells, in words. */
  readonly wanted: string;
  /** undefined where the cell is of another type. */
  readonly value: (cell: NonNullable<Cell>) => NonNullable<ParquetValue> | undefined;
}

const kinds: Readonly<Record<ColumnType, Kind>> = {
  string: {
    type: "BYTE_ARRAY",
    converted_type: "UTF8",
    wanted: "strings",
    value: (cell) => (typeof cell === "string" ? cell : undefined),
  },
  number: { type: "DOUBLE", wanted: "numbers", value: doubleOf },
  integer: { type: "INT64", wanted: "whole numbers", value: int64Of },
  boolean: {
    type: "BOOLEAN",
    wanted: "true and false",
    value: (cell) => (typeof cell === "boolean" ? cell : undefined),
  },
  timestamp: {
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    wanted: "times",
    value: (cell) => (cell instanceof Date && !Number.isNaN(cell.getTime()) ? cell : undefined),
  },
  json: { type: "BYTE_ARRAY", converted_type: "JSON", wanted: "anything", value: jsonCell },
};

function doubleOf(cell: NonNullable<Cell>): number | undefined {
  if (typeof cell === "number") return cell;
  return typeof cell === "bigint" && BigInt(Number(cell)) === cell ? Number(cell) : undefined;
}

function int64Of(cell: NonNullable<Cell>): bigint | undefined {
  const whole = typeof cell === "number" && Number.isInteger(cell) ? BigInt(cell) : cell;
  return typeof whole === "bigint" && BigInt.asIntN(64, whole) === whole ? whole : undefined;
}

function shown(cell: NonNullable<Cell>): string {
  const json = jsonCell(cell);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
