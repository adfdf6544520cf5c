import { i32 } from "../emit/expression.js";
import type { Callable, FunctionBuilder, Local } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import type { BlockCallables } from "./blocks.js";

/*
 * The right side of a product is packed in panels of as many columns as a tile has: element (k, j) of the product's
 * right side lies at panel ⌊j / columns⌋, k · columns + j mod columns. The last panel is filled up with zeros. An
 * element has 4 bytes: a float, or four levels of an int8 weight, k to k + 3.
 */

/** Packing a dense block whose rows are `stride` bytes apart, in panels of `width` columns. */
export interface PanelFunctions {
  /** The block's columns are the product's columns: [depth, columns]. */
  packColumns(from: number, stride: number, rows: number, columns: number, to: number, width: number): void;
  /** The block's rows are the product's columns, as a weight has it: [outputs, inputs]. */
  packRows(from: number, stride: number, rows: number, columns: number, to: number, width: number): void;
}

const signature = { from: "i32", stride: "i32", rows: "i32", columns: "i32", to: "i32", width: "i32" } as const;

export interface PanelCallables {
  readonly packColumns: Callable<typeof signature>;
  readonly packRows: Callable<typeof signature>;
}

export function emitPanels(module: ModuleBuilder, blocks: BlockCallables): PanelCallables {
  return {
    packColumns: module.function("packColumns", signature, (f, { from, stride, rows, columns, to, width }) =>
      forEachPanel(f, { depth: rows, columns, to, width }, (inside, toStride) => {
        f.call(blocks.copyBlock, { from, fromStride: stride, to, toStride, rows, columns: inside });
        f.increase(from, toStride);
      }),
    ),
    packRows: module.function("packRows", signature, (f, { from, stride, rows, columns, to, width }) =>
      forEachPanel(f, { depth: columns, columns: rows, to, width }, (inside, toStride) => {
        f.call(blocks.transposeBlock, { from, fromStride: stride, to, toStride, rows: inside, columns });
        f.increase(from, i32.multiply(stride, width));
      }),
    ),
  };
}

interface Panels {
  readonly depth: Local<"i32">;
  readonly columns: Local<"i32">;
  /** Where the panel begins; moves from panel to panel. */
  readonly to: Local<"i32">;
  readonly width: Local<"i32">;
}

function forEachPanel(
  f: FunctionBuilder,
  { depth, columns, to, width }: Panels,
  pack: (inside: Local<"i32">, toStride: Local<"i32">) => void,
): void {
  const toStride = f.let(i32.shiftLeft(width, 2));
  const bytes = f.let(i32.multiply(depth, toStride));
  const left = f.let(columns);
  f.while(left, () => {
    const inside = f.let(i32.smaller(left, width));
    f.if(i32.less(inside, width), () => f.fillBytes(to, 0, bytes));
    pack(inside, toStride);
    f.increase(to, bytes);
    f.set(left, i32.subtract(left, inside));
  });
}
