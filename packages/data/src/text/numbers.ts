import { DataError, type DataPlace, shown } from "../data-error.js";

/**
 * The number that a cell spells.
 * @throws {DataError} `value` for anything else, an empty cell and NaN too.
 */
export function numberOf(cell: string, column: string, place: DataPlace): number {
  if (isNumber(cell)) return Number(cell);
  throw new DataError("value", `wanted a number as ${column}, came ${shown(cell)}`, place);
}

/**
 * The whole number that a cell spells.
 * @throws {DataError} `value` for anything else.
 */
export function integerOf(cell: string, column: string, place: DataPlace): number {
  const value = numberOf(cell, column, place);
  if (Number.isSafeInteger(value)) return value;
  throw new DataError("value", `wanted a whole number as ${column}, came ${shown(cell)}`, place);
}

/** Whether a cell spells a finite number. */
export function isNumber(cell: string): boolean {
  return cell.length <= longestNumber && decimal.test(cell) && Number.isFinite(Number(cell));
}

/** The expression below goes back over digits, so long cells don't meet it. */
const longestNumber = 64;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
