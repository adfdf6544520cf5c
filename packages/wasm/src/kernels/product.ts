import { i32 } from "../emit/expression.js";
import type { Callable } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import type { BlockCallables } from "./blocks.js";
import type { gemmSignature, Tile } from "./gemm.js";

export interface ProductFunctions {
  /**
   * c = a · b + bias, `rows` × `columns`, summed over `depth`; `b` is packed in panels, a bias at 0 is none. Columns
   * that do not fill a panel pass through `edge`, rows × tile columns floats.
   */
  product(
    a: number,
    aStride: number,
    b: number,
    bias: number,
    c: number,
    cStride: number,
    rows: number,
    columns: number,
    depth: number,
    edge: number,
  ): void;
}

export const productSignature = {
  a: "i32",
  aStride: "i32",
  b: "i32",
  bias: "i32",
  c: "i32",
  cStride: "i32",
  rows: "i32",
  columns: "i32",
  depth: "i32",
  edge: "i32",
} as const;

/** Bytes of panels that pass each row at once, if it is more than one: three quarters of a first-level cache of 32 KB. */
export const panelsAtOnce = 24576;

/** Drives `gemm` over panels in groups and over the depth in pieces, so that what is used again is still in a cache. */
export function emitProduct(
  module: ModuleBuilder,
  tile: Tile,
  gemm: Callable<typeof gemmSignature>,
  { copyBlock }: BlockCallables,
): Callable<typeof productSignature> {
  const width = 4 * tile.columns;
  return module.function("product", productSignature, (f, p) => {
    const { aStride, cStride, rows, depth } = p;
    const panelStride = f.let(i32.multiply(depth, width));
    const panels = f.let(i32.divide(p.columns, tile.columns));
    f.if(panels, () => {
      const from = f.let(i32.constant(0));
      // Once at least: a product of depth 0 is its bias.
      f.repeatWhile(
        () => {
          const piece = f.let(i32.subtract(depth, from));
          f.set(piece, i32.smaller(piece, tile.depth));
          const group = f.let(i32.divide(panelsAtOnce / width, i32.or(piece, i32.equal(piece, 0))));
          f.set(group, i32.or(group, i32.equal(group, 0)));
          const b = f.let(i32.add(p.b, i32.multiply(from, width)));
          const c = f.let(p.c);
          const bias = f.let(p.bias);
          const left = f.let(panels);
          f.while(left, () => {
            const count = f.let(i32.smaller(left, group));
            const a = i32.add(p.a, i32.shiftLeft(from, 2));
            f.call(gemm, {
              ...{ a, aStride, b, panelStride, c, cStride, rows },
              ...{ panels: count, depth: piece, bias, accumulate: from },
            });
            f.increase(b, i32.multiply(panelStride, count));
            f.increase(c, i32.multiply(count, width));
            f.if(bias, () => f.increase(bias, i32.multiply(count, width)));
            f.set(left, i32.subtract(left, count));
          });
          f.increase(from, tile.depth);
        },
        i32.less(from, depth),
      );
    });
    const rest = f.let(i32.remainder(p.columns, tile.columns));
    f.if(rest, () => {
      const b = i32.add(p.b, i32.multiply(panels, panelStride));
      const before = f.let(i32.multiply(panels, width));
      const bias = i32.select(p.bias, i32.add(p.bias, before), 0);
      const { a, edge } = p;
      f.call(gemm, {
        ...{ a, aStride, b, panelStride, c: edge, cStride: width, rows },
        ...{ panels: 1, depth, bias, accumulate: 0 },
      });
      const to = i32.add(p.c, before);
      f.call(copyBlock, { from: edge, fromStride: width, to, toStride: cStride, rows, columns: rest });
    });
  });
}
