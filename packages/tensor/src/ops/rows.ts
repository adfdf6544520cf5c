import { ShapeError } from "../errors.js";
import { expectRank, showShape, sizeOf } from "../shape.js";
import { differentiable } from "../tape.js";
import { Tensor } from "../tensor.js";
import { zeros } from "./create.js";

/**
 * The rows of `table` [rows, width] that int32 `ids` name. [...] → [..., width]
 * Ids are not range-checked here: they live on the device. Whoever makes them checks them. Throws `ShapeError`.
 */
export function gatherRows(table: Tensor, ids: Tensor): Tensor {
  expectRank("gatherRows: table", table, 2);
  expectIds("gatherRows", ids);
  const out = Tensor.empty(table.backend, [...ids.shape, table.shape[1]!]);
  table.backend.kernels.gatherRows(table, ids, out);
  return differentiable(out, [table], (dy) => {
    const slope = zeros(table.backend, table.shape);
    table.backend.kernels.scatterAddRows(dy, ids, slope);
    return [slope];
  });
}

/** Adds row i of `x` [n, width] to row ids[i] of a [rows, width] tensor of zeros. [n, width] → [rows, width] */
export function scatterAddRows(x: Tensor, ids: Tensor, rows: number): Tensor {
  expectRank("scatterAddRows: x", x, 2);
  expectIds("scatterAddRows", ids);
  if (sizeOf(ids.shape) !== x.shape[0]) {
    throw new ShapeError(`scatterAddRows: ${sizeOf(ids.shape)} ids for ${x.shape[0]} rows`);
  }
  const out = zeros(x.backend, [rows, x.shape[1]!]);
  x.backend.kernels.scatterAddRows(x, ids, out);
  return differentiable(out, [x], (dy) => [gatherRows(dy, ids)]);
}

/** Rows from … to of the first axis, copied. [rows, ...] → [to − from, ...]. Throws `ShapeError`. */
export function sliceRows(x: Tensor, from: number, to: number): Tensor {
  const rows = x.shape[0];
  if (rows === undefined || !(0 <= from && from <= to && to <= rows)) {
    throw new ShapeError(`sliceRows: rows ${from} to ${to} are not in ${showShape(x.shape)}`);
  }
  const rest = x.shape.slice(1);
  const width = sizeOf(rest);
  const out = Tensor.empty(x.backend, [to - from, ...rest], x.dtype);
  x.backend.kernels.copy(x, from * width, out, 0, (to - from) * width);
  return differentiable(out, [x], (dy) => {
    const slope = zeros(x.backend, x.shape);
    x.backend.kernels.copy(dy, 0, slope, from * width, (to - from) * width);
    return [slope];
  });
}

/** Laid one after the other along the first axis. [a, ...], [b, ...] → [a + b, ...]. Throws `ShapeError`. */
export function concatRows(parts: readonly Tensor[]): Tensor {
  const first = parts[0];
  if (!first || parts.some((part) => showShape(part.shape.slice(1)) !== showShape(first.shape.slice(1)))) {
    throw new ShapeError(
      `concatRows: shapes must agree beyond the first axis, got ${parts.map(({ shape }) => showShape(shape)).join(", ")}`,
    );
  }
  const starts = [0];
  for (const part of parts) starts.push(starts.at(-1)! + part.shape[0]!);
  const rest = first.shape.slice(1);
  const width = sizeOf(rest);
  const out = Tensor.empty(first.backend, [starts.at(-1)!, ...rest], first.dtype);
  for (const [i, part] of parts.entries()) {
    first.backend.kernels.copy(part, 0, out, starts[i]! * width, sizeOf(part.shape));
  }
  return differentiable(out, parts, (dy) => parts.map((_, i) => sliceRows(dy, starts[i]!, starts[i + 1]!)));
}

function expectIds(caller: string, ids: Tensor): void {
  if (ids.dtype !== "int32") throw new ShapeError(`${caller}: ids must be int32 (an Int32Array), got ${ids.dtype}`);
}
