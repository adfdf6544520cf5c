import type { Cell, CellObject } from "../rows/row.js";

/** A value that JSON says exactly. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A cell as JSON that {@link cellFromJson} gives back exactly: whatever JSON has no word for is an object with one key. */
export function cellToJson(cell: Cell): Json {
  if (typeof cell === "number") return Number.isFinite(cell) && !Object.is(cell, -0) ? cell : { number: spell(cell) };
  if (typeof cell === "bigint") return { bigint: String(cell) };
  if (typeof cell !== "object" || cell === null) return cell;
  if (cell instanceof Date) return { date: cellToJson(cell.getTime()) };
  if (isArray(cell)) return cell.map(cellToJson);
  return { object: Object.entries(cell).map(([name, value]) => [name, cellToJson(value)]) };
}

/** The cell that was made JSON; only for what {@link cellToJson} has made. */
export function cellFromJson(json: Json): Cell {
  if (typeof json !== "object" || json === null) return json;
  if (isJsonArray(json)) return json.map(cellFromJson);
  const { number, bigint, date, object } = json;
  if (number !== undefined) return Number(number);
  if (bigint !== undefined) return BigInt(bigint as string);
  if (date !== undefined) return new Date(cellFromJson(date) as number);
  return Object.fromEntries((object as readonly [string, Json][]).map(([name, value]) => [name, cellFromJson(value)]));
}

function spell(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** `Array.isArray` that knows readonly arrays. */
function isArray(cell: readonly Cell[] | CellObject): cell is readonly Cell[] {
  return Array.isArray(cell);
}

function isJsonArray(json: readonly Json[] | { readonly [name: string]: Json }): json is readonly Json[] {
  return Array.isArray(json);
}
