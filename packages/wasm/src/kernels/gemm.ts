import { type Expression, f32x4, i32, v128 } from "../emit/expression.js";
import type { FunctionBuilder, Local, Parameters } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";

/** How much of a product is summed in registers at once: `rows` × `columns` (a multiple of 4) sums. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
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

const signature = {
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

/**
 * A panel of `b` stays in the first-level cache while all rows of `a` pass by (Goto & van de Geijn 2008). Each sum is
 * one chain over the depth, whatever the tile, so a row's result does not depend on the rows beside it.
 */
export function emitGemm(module: ModuleBuilder, tile: Tile): void {
  module.function("gemm", signature, (f, p) => {
    const vectors = tile.columns / 4;
    const sums = Array.from({ length: tile.rows }, () => Array.from({ length: vectors }, () => f.local("v128")));
    f.count(p.panels, () => {
      const a = f.let(p.a);
      const c = f.let(p.c);
      const left = f.let(p.rows);
      f.while(left, () => {
        const rows = nextTile(f, left, tile.rows);
        const choose = (count: number): void =>
          f.if(
            i32.equal(rows, count),
            () => emitTile(f, p, { a, c, sums: sums.slice(0, count) }),
            count > 1 ? () => choose(count - 1) : undefined,
          );
        choose(tile.rows);
        f.increase(a, i32.multiply(p.aStride, rows));
        f.increase(c, i32.multiply(p.cStride, rows));
        f.set(left, i32.subtract(left, rows));
      });
      f.increase(p.b, p.panelStride);
      f.increase(p.c, 4 * tile.columns);
      f.if(p.bias, () => f.increase(p.bias, 4 * tile.columns));
    });
  });
}

/**
 * How many of the rows that are left go next: a full tile, or half of a tile and a bit, so that none is so low that its
 * few sums wait for one another.
 */
function nextTile(f: FunctionBuilder, left: Local<"i32">, most: number): Local<"i32"> {
  const rows = f.let(left);
  f.if(i32.atLeast(left, most + 1), () => f.set(rows, i32.shiftRight(i32.add(left, 1), 1)));
  f.if(i32.atLeast(left, most + (most >> 1) + 1), () => f.set(rows, most));
  return rows;
}

interface TilePlace {
  readonly a: Local<"i32">;
  readonly c: Local<"i32">;
  /** One row of vectors for each row of the tile. */
  readonly sums: readonly (readonly Local<"v128">[])[];
}

function emitTile(f: FunctionBuilder, p: Parameters<typeof signature>, { a, c, sums }: TilePlace): void {
  const vectors = sums[0]!.length;
  const aRows = rowAddresses(f, a, p.aStride, sums.length);
  const cRows = rowAddresses(f, c, p.cStride, sums.length);
  const each = (start: (row: number, vector: number) => Expression<"v128"> | number) => {
    for (const [row, line] of sums.entries())
      for (const [vector, sum] of line.entries()) f.set(sum, start(row, vector));
  };
  f.if(
    p.accumulate,
    () => each((row, vector) => v128.load(cRows[row]!, 16 * vector)),
    () =>
      f.if(
        p.bias,
        () => each((_, vector) => v128.load(p.bias, 16 * vector)),
        () => each(() => 0),
      ),
  );

  const b = f.let(p.b);
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
  for (const [row, line] of sums.entries()) {
    for (const [vector, sum] of line.entries()) f.store(cRows[row]!, sum, 16 * vector);
  }
}

function rowAddresses(f: FunctionBuilder, first: Local<"i32">, stride: Local<"i32">, rows: number): Local<"i32">[] {
  const addresses = [f.let(first)];
  while (addresses.length < rows) addresses.push(f.let(i32.add(addresses.at(-1)!, stride)));
  return addresses;
}
