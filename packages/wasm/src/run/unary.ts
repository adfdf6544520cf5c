import type { UnaryKind } from "@bertkit/tensor";
import { isRare } from "../kernels/unary.js";
import type { Machine } from "./machine.js";

/** An element-wise function over `count` floats; `out` may be `x`. */
export function unary(machine: Machine, kind: UnaryKind, x: number, out: number, count: number): void {
  if (isRare(kind)) machine.rare()[`unary.${kind}`](x, out, count);
  else machine.functions[`unary.${kind}`](x, out, count);
}
