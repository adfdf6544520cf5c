import { ShapeError } from "../errors.js";
import { backendOf, expectFloats, expectIds } from "../operands.js";
import { expectRank, sameShape, showShape, sizeOf } from "../shape.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";
import { zeros } from "./create.js";

/**
 * The rows of `table` [rows, width] that int32 `ids` name. [...] → [..., width]
 * Ids are not range-checked here: they live on the device. Whoever makes them checks them. Throws `ShapeError`.
 */
export function gatherRows(table: Tensor, ids: Tensor): Tensor {
  const backend = backendOf("gatherRows", table, ids);
  expectFloats("gatherRows", table);
  expectRank("gatherRows: table", table, 2);
  expectIds("gatherRows", ids);
  const out = Tensor.empty(backend, [...ids.shape, table.shape[1]!]);
  backend.kernels.gatherRows(table, ids, out);
  return differentiable(out, [table], (dy) => {
    const slope = zeros(backend, table.shape);
    backend.kernels.scatterAddRows(dy, ids, slope);
    return [slope];
  });
}

/**
 * Adds row i of `x` [n, width] to row ids[i] of a [rows, width] tensor of zeros. [n, width] → [rows, width]
 * Throws `ShapeError`. Ids are not range-checked, as in `gatherRows`.
 */
export function scatterAddRows(x: Tensor, ids: Tensor, rows: number): Tensor {
  const backend = backendOf("scatterAddRows", x, ids);
  expectFloats("scatterAddRows", x);
  expectRank("scatterAddRows: x", x, 2);
  expectIds("scatterAddRows", ids);
  if (sizeOf(ids.shape) !== x.shape[0]) {
    throw new ShapeError(`scatterAddRows: ${sizeOf(ids.shape)} ids for ${x.shape[0]} rows`);
  }
  const out = zeros(backend, [rows, x.shape[1]!]);
  backend.kernels.scatterAddRows(x, ids, out);
  return differentiable(out, [x], (dy) => [gatherRows(dy, ids)]);
}

/** Rows from … to of the first axis, copied. [rows, ...] → [to − from, ...]. Throws `ShapeError`. */
export function sliceRows(x: Tensor, from: number, to: number): Tensor {
  const backend = backendOf("sliceRows", x);
  const rows = x.shape[0];
  const whole = Number.isInteger(from) && Number.isInteger(to);
  if (rows === undefined || !whole || !(0 <= from && from <= to && to <= rows)) {
    throw new ShapeError(`sliceRows: rows ${from} to ${to} are not in ${showShape(x.shape)}`);
  }
  const rest = x.shape.slice(1);
  const width = sizeOf(rest);
  const out = Tensor.empty(backend, [to - from, ...rest], x.dtype);
  backend.kernels.copy(x, from * width, out, 0, (to - from) * width);
  return differentiable(out, [x], (dy) => {
    const slope = zeros(backend, x.shape);
    backend.kernels.copy(dy, 0, slope, from * width, (to - from) * width);
    return [slope];
  });
}

/** Laid one after the other along the first axis. [a, ...], [b, ...] → [a + b, ...]. Throws `ShapeError`. */
export function concatRows(parts: readonly Tensor[]): Tensor {
  const [first, ...others] = parts;
  if (!first) throw new ShapeError("concatRows: needs at least one part");
  const backend = backendOf("concatRows", first, ...others);
  const fits = ({ shape, dtype }: Tensor): boolean =>
    shape.length > 0 && dtype === first.dtype && sameShape(shape.slice(1), first.shape.slice(1));
  if (!parts.every(fits)) {
    const found = parts.map(({ shape, dtype }) => `${dtype} ${showShape(shape)}`).join(", ");
    throw new ShapeError(`concatRows: parts must have rows of one shape and dtype, got ${found}`);
  }
  const starts = [0];
  for (const part of parts) starts.push(starts.at(-1)! + part.shape[0]!);
  const rest = first.shape.slice(1);
  const width = sizeOf(rest);
  const out = Tensor.empty(backend, [starts.at(-1)!, ...rest], first.dtype);
  for (const [i, part] of parts.entries()) {
    backend.kernels.copy(part, 0, out, starts[i]! * width, sizeOf(part.shape));
  }
  return differentiable(out, parts, (dy) => parts.map((_, i) => sliceRows(dy, starts[i]!, starts[i + 1]!)));
}
