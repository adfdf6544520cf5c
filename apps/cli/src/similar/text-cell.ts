import { Failure } from "../failure.js";
import type { Cell } from "../rows/row.js";

/**
 * The text in a cell; `name` is what a failure calls it.
 * @throws {Failure} for anything but a string; `place` says where.
 */
export function textOfCell(cell: Cell | undefined, name: string, place: string): string {
  if (typeof cell === "string") return cell;
  const found = cell === null || cell === undefined ? "missing" : `a ${Array.isArray(cell) ? "list" : typeof cell}`;
  throw new Failure(`${place}: ${name} is ${found}, wanted a string`, { hint: "fill it in, or leave such rows out" });
}
