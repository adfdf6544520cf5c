import { type Expression, f32, f32x4, i32, v128 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local, Parameters } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { forEachTile, rowAddresses, type Sums } from "./tiles.js";

/** How a product is cut: `rows` × `columns` (a multiple of 4) sums are in registers at once. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** How deep a product goes at once; between such pieces the sums rest in memory. */
  readonly depth: number;
}

export interface GemmFunctions {
  /**
   * c = a · b, `rows` × (`panels` · tile columns), summed over `depth`. `a` is dense with a row stride; `b` is packed in
   * panels: depth × tile columns each. Sums start from `c` where `accumulate`, else from `bias`, else (0) from 0.
   */
  gemm(
    a: number,
    aStride: number,
    b: number,
    panelStride: number,
    c: number,
    cStride: number,
    rows: number,
    panels: number,
    depth: number,
    bias: number,
    accumulate: number,
  ): void;
}

export const gemmSignature = {
  a: "i32",
  aStride: "i32",
  b: "i32",
  panelStride: "i32",
  c: "i32",
  cStride: "i32",
  rows: "i32",
  panels: "i32",
  depth: "i32",
  bias: "i32",
  accumulate: "i32",
} as const;

const cacheLine = 64;
/** Below the first block of memory. */
const nobodysAddress = 32;

/**
 * The panels of a call stay in the first-level cache while all rows of `a` pass by (Goto & van de Geijn 2008). Each sum
 * is one chain over the depth, whatever the tile, so a row's result does not depend on the rows beside it.
 */
export function emitGemm(module: ModuleBuilder, tile: Tile): Callable<typeof gemmSignature> {
  return module.function("gemm", gemmSignature, (f, p) => {
    f.if(i32.less(tile.rows, p.rows), () => touchPanels(f, p, tile));
    forEachTile(f, p, { rows: tile.rows, vectors: tile.columns / 4 }, (sums) => emitTiles(f, p, sums));
  });
}

/**
 * Loads one number of each cache line, so that panels arrive at full speed instead of at the pace of the first tile:
 * 3 % of a whole model, whose weights are far larger than the caches.
 */
function touchPanels(f: FunctionBuilder, p: Parameters<typeof gemmSignature>, tile: Tile): void {
  const seen = f.let(i32.constant(0));
  const panel = f.let(p.b);
  f.count(p.panels, () => {
    const at = f.let(panel);
    const end = f.let(i32.add(at, i32.multiply(p.depth, 4 * tile.columns)));
    f.while(i32.less(at, end), () => {
      f.set(seen, i32.or(seen, i32.load(at)));
      f.increase(at, cacheLine);
    });
    f.increase(panel, p.panelStride);
  });
  // An engine may drop loads that nothing uses.
  f.storeScalar(nobodysAddress, f32.fromInteger(seen));
}

/** The same rows of `a` with one panel after the other. */
function emitTiles(f: FunctionBuilder, p: Parameters<typeof gemmSignature>, sums: Sums): void {
  const width = 16 * sums[0]!.length;
  const panel = f.let(p.b);
  const bias = f.let(p.bias);
  const cRows = rowAddresses(f, p.c, p.cStride, sums.length);
  f.count(p.panels, () => {
    f.if(
      p.accumulate,
      () => start(f, sums, (row, vector) => v128.load(cRows[row]!, 16 * vector)),
      () =>
        f.if(
          bias,
          () => {
            start(f, sums, (_, vector) => v128.load(bias, 16 * vector));
            f.increase(bias, width);
          },
          () => start(f, sums, () => 0),
        ),
    );
    emitSums(f, p, panel, sums);
    for (const [row, line] of sums.entries()) {
      for (const [vector, sum] of line.entries()) f.store(cRows[row]!, sum, 16 * vector);
      f.increase(cRows[row]!, width);
    }
    f.increase(panel, p.panelStride);
  });
}

function start(
  f: FunctionBuilder,
  sums: Sums,
  value: (row: number, vector: number) => Expression<"v128"> | number,
): void {
  for (const [row, line] of sums.entries()) {
    for (const [vector, sum] of line.entries()) f.set(sum, value(row, vector));
  }
}

/** The loop that takes nearly all the time: one row of the panel, one number of each row of `a`, all their products. */
function emitSums(f: FunctionBuilder, p: Parameters<typeof gemmSignature>, panel: Local<"i32">, sums: Sums): void {
  const vectors = sums[0]!.length;
  const aRows = rowAddresses(f, p.a, p.aStride, sums.length);
  const b = f.let(panel);
  const end = f.let(i32.add(b, i32.multiply(p.depth, 16 * vectors)));
  f.while(i32.less(b, end), () => {
    const right = Array.from({ length: vectors }, (_, vector) => f.let(v128.load(b, 16 * vector)));
    for (const [row, line] of sums.entries()) {
      const left = f.let(f32x4.loadSplat(aRows[row]!));
      for (const [vector, sum] of line.entries()) f.set(sum, f.multiplyAdd(left, right[vector]!, sum));
    }
    for (const row of aRows) f.increase(row, 4);
    f.increase(b, 16 * vectors);
  });
}
