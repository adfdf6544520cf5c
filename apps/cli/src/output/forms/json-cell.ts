import type { Cell, CellObject } from "../../rows/row.js";

/** A cell as JSON: bigints are numbers with all their digits, times are ISO 8601; what JSON cannot say is null. */
export function jsonCell(cell: Cell): string {
  if (typeof cell === "bigint") return String(cell);
  if (typeof cell !== "object" || cell === null) return JSON.stringify(cell);
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? "null" : JSON.stringify(cell);
  if (isArray(cell)) return `[${cell.map(jsonCell).join(",")}]`;
  return `{${Object.entries(cell)
    .map(([name, value]) => `${JSON.stringify(name)}:${jsonCell(value)}`)
    .join(",")}}`;
}

/** `Array.isArray` that knows readonly arrays. */
function isArray(cell: readonly Cell[] | CellObject): cell is readonly Cell[] {
  return Array.isArray(cell);
}
