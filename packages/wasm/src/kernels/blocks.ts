import { f32, i32, v128 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { copyRow } from "./lanes.js";

/** Moves two-dimensional blocks; strides are in bytes, extents in elements of 4 bytes. */
export interface BlockFunctions {
  copyBlock(from: number, fromStride: number, to: number, toStride: number, rows: number, columns: number): void;
  /** to[column][row] = from[row][column]. */
  transposeBlock(from: number, fromStride: number, to: number, toStride: number, rows: number, columns: number): void;
  /** to[i] = from[ids[i]], rows of `columns` elements. */
  gatherRows(from: number, ids: number, to: number, rows: number, columns: number): void;
}

const signature = { from: "i32", fromStride: "i32", to: "i32", toStride: "i32", rows: "i32", columns: "i32" } as const;

export interface BlockCallables {
  readonly copyBlock: Callable<typeof signature>;
  readonly transposeBlock: Callable<typeof signature>;
}

export function emitBlocks(module: ModuleBuilder): BlockCallables {
  const copyBlock = module.function("copyBlock", signature, (f, p) =>
    f.count(p.rows, () => {
      copyRow(f, p.from, p.to, p.columns);
      f.increase(p.from, p.fromStride);
      f.increase(p.to, p.toStride);
    }),
  );

  const transposeBlock = module.function("transposeBlock", signature, (f, p) => {
    const rows = f.let(p.rows);
    f.while(i32.atLeast(rows, 4), () => {
      transposeRows(f, 4, p);
      f.increase(p.from, i32.multiply(p.fromStride, 4));
      f.increase(p.to, 16);
      f.increase(rows, -4);
    });
    f.while(rows, () => {
      transposeRows(f, 1, p);
      f.increase(p.from, p.fromStride);
      f.increase(p.to, 4);
      f.increase(rows, -1);
    });
  });

  const gather = { from: "i32", ids: "i32", to: "i32", rows: "i32", columns: "i32" } as const;
  module.function("gatherRows", gather, (f, p) => {
    const stride = f.let(i32.shiftLeft(p.columns, 2));
    f.count(p.rows, () => {
      const source = f.let(i32.add(p.from, i32.multiply(i32.load(p.ids), stride)));
      copyRow(f, source, p.to, p.columns);
      f.increase(p.ids, 4);
      f.increase(p.to, stride);
    });
  });
  return { copyBlock, transposeBlock };
}

interface Place {
  readonly from: Local<"i32">;
  readonly fromStride: Local<"i32">;
  readonly to: Local<"i32">;
  readonly toStride: Local<"i32">;
  readonly columns: Local<"i32">;
}

/** Four rows go in squares of 4 × 4, one row and what is left of four element by element. */
function transposeRows(f: FunctionBuilder, rows: 1 | 4, { from, fromStride, to, toStride, columns }: Place): void {
  const sources = [f.let(from)];
  while (sources.length < rows) sources.push(f.let(i32.add(sources.at(-1)!, fromStride)));
  const target = f.let(to);
  const left = f.let(columns);
  if (rows === 4) {
    f.while(i32.atLeast(left, 4), () => {
      transposeSquare(f, sources, target, toStride);
      for (const source of sources) f.increase(source, 16);
      f.increase(left, -4);
    });
  }
  f.while(left, () => {
    for (const [row, source] of sources.entries()) {
      f.storeScalar(target, f32.load(source), 4 * row);
      f.increase(source, 4);
    }
    f.increase(target, toStride);
    f.increase(left, -1);
  });
}

function transposeSquare(
  f: FunctionBuilder,
  sources: readonly Local<"i32">[],
  target: Local<"i32">,
  stride: Local<"i32">,
): void {
  const [a, b, c, d] = sources.map((source) => f.let(v128.load(source))) as [
    Local<"v128">,
    Local<"v128">,
    Local<"v128">,
    Local<"v128">,
  ];
  const abLow = f.let(v128.shuffle(a, b, [0, 4, 1, 5]));
  const cdLow = f.let(v128.shuffle(c, d, [0, 4, 1, 5]));
  const abHigh = f.let(v128.shuffle(a, b, [2, 6, 3, 7]));
  const cdHigh = f.let(v128.shuffle(c, d, [2, 6, 3, 7]));
  for (const [low, high, order] of [
    [abLow, cdLow, [0, 1, 4, 5]],
    [abLow, cdLow, [2, 3, 6, 7]],
    [abHigh, cdHigh, [0, 1, 4, 5]],
    [abHigh, cdHigh, [2, 3, 6, 7]],
  ] as const) {
    f.store(target, v128.shuffle(low, high, order));
    f.increase(target, stride);
  }
}
