import { Failure } from "../failure.js";
import type { Cell } from "../rows/row.js";

/** The column that has vectors, as `bertkit encode` calls it. */
export const vectorColumn = "vector";

/**
 * The vector in a cell: a list of numbers, or such a list as JSON, as tables of text have it.
 * @throws {Failure} for anything else; `place` says where.
 */
export function vectorOfCell(cell: Cell | undefined, place: string): Float32Array {
  const list = typeof cell === "string" ? parsed(cell) : cell;
  if (Array.isArray(list) && list.length > 0 && list.every((value) => typeof value === "number")) {
    return Float32Array.from(list);
  }
  throw new Failure(`${place}: the column "${vectorColumn}" has no list of numbers here`, {
    hint: `wanted a vector, such as [0.1, -0.2]; to have texts encoded, give this column another name`,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
