import { f32x4, i16x8, i32, i32x4, v128 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local, Parameters } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { forEachTile, rowAddresses, type Sums } from "./tiles.js";

/** How products of levels are cut: `rows` × `columns` (a multiple of 4) sums are in registers at once. */
export interface QuantizedTile {
  readonly rows: number;
  readonly columns: number;
}

export interface QuantizedGemmFunctions {
  /**
   * c = a · b in 32-bit integers, `rows` × (`panels` · tile columns). `a` has rows of levels; `b` is packed in panels of
   * signed bytes: `groups` × tile columns × 4 levels each.
   */
  quantizedGemm(
    a: number,
    aStride: number,
    b: number,
    panelStride: number,
    c: number,
    cStride: number,
    rows: number,
    panels: number,
    groups: number,
  ): void;
}

export const quantizedGemmSignature = {
  a: "i32",
  aStride: "i32",
  b: "i32",
  panelStride: "i32",
  c: "i32",
  cStride: "i32",
  rows: "i32",
  panels: "i32",
  groups: "i32",
} as const;

/** How a group of four levels of each row meets four levels of each column. */
interface Dot {
  /** Columns whose sums a vector holds, and so bytes of a panel that it takes. */
  readonly columns: 2 | 4;
  readonly loadRight: typeof v128.load;
  readonly loadLeft: typeof v128.load;
  readonly leftBytes: number;
  readonly multiply: typeof i32x4.dotOfShorts;
}

/** Levels of `a` in bytes: pairs of products in 16 bits, pairs of those in 32. */
const dotOfBytes = (ones: Local<"v128">): Dot => ({
  columns: 4,
  loadRight: v128.load,
  loadLeft: f32x4.loadSplat,
  leftBytes: 4,
  multiply: (left, right) => i32x4.dotOfShorts(i16x8.relaxedDotOfBytes(right, left), ones),
});

/** Levels of `a` in 16-bit integers: two halves of each sum lie side by side. */
const dotOfShorts: Dot = {
  columns: 2,
  loadRight: i16x8.loadBytes,
  loadLeft: i16x8.loadFour,
  leftBytes: 8,
  multiply: i32x4.dotOfShorts,
};

/** @param byteLevels whether `a` has bytes, else 16-bit integers */
export function emitQuantizedGemm(
  module: ModuleBuilder,
  tile: QuantizedTile,
  byteLevels: boolean,
): Callable<typeof quantizedGemmSignature> {
  return module.function("quantizedGemm", quantizedGemmSignature, (f, p) => {
    const dot = byteLevels ? dotOfBytes(f.let(i32x4.constant(0x10001, 0x10001, 0x10001, 0x10001))) : dotOfShorts;
    const vectors = tile.columns / dot.columns;
    forEachTile(f, p, { rows: tile.rows, vectors }, (sums) => emitTiles(f, p, sums, dot));
  });
}

function emitTiles(f: FunctionBuilder, p: Parameters<typeof quantizedGemmSignature>, sums: Sums, dot: Dot): void {
  const columns = sums[0]!.length * dot.columns;
  const panel = f.let(p.b);
  const cRows = rowAddresses(f, p.c, p.cStride, sums.length);
  f.count(p.panels, () => {
    for (const line of sums) for (const sum of line) f.set(sum, 0);
    const aRows = rowAddresses(f, p.a, p.aStride, sums.length);
    const b = f.let(panel);
    const end = f.let(i32.add(b, i32.multiply(p.groups, 4 * columns)));
    f.while(i32.less(b, end), () => {
      const right = sums[0]!.map((_, vector) => f.let(dot.loadRight(b, 4 * dot.columns * vector)));
      for (const [row, line] of sums.entries()) {
        const left = f.let(dot.loadLeft(aRows[row]!));
        for (const [vector, sum] of line.entries()) {
          f.set(sum, i32x4.add(sum, dot.multiply(left, right[vector]!)));
        }
      }
      for (const row of aRows) f.increase(row, dot.leftBytes);
      f.increase(b, 4 * columns);
    });
    for (const [row, line] of sums.entries()) {
      storeSums(f, cRows[row]!, line, dot);
      f.increase(cRows[row]!, 4 * columns);
    }
    f.increase(panel, p.panelStride);
  });
}

function storeSums(f: FunctionBuilder, address: Local<"i32">, line: readonly Local<"v128">[], dot: Dot): void {
  if (dot.columns === 4) {
    for (const [vector, sum] of line.entries()) f.store(address, sum, 16 * vector);
    return;
  }
  for (let vector = 0; vector < line.length; vector += 2) {
    const [a, b] = [line[vector]!, line[vector + 1]!];
    const whole = i32x4.add(v128.shuffle(a, b, [0, 2, 4, 6]), v128.shuffle(a, b, [1, 3, 5, 7]));
    f.store(address, whole, 8 * vector);
  }
}
