import { i32 } from "../emit/expression.js";
import type { Callable } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import type { BlockCallables } from "../kernels/blocks.js";
import type { dequantizeSignature } from "../kernels/dequantize.js";
import { panelsAtOnce } from "../kernels/product.js";
import { factorBytes } from "../kernels/quantize.js";
import type { QuantizedTile, quantizedGemmSignature } from "../kernels/quantized-gemm.js";
import { type ChunkCallable, emitJob, regionOf, regionsSignature } from "./job.js";
import { activate, type UnaryCallables } from "./product-job.js";

/**
 * activation(a · b + bias) of levels, a block of rows and of columns a chunk; scratch is for columns that do not fill a
 * panel, rowsAtOnce × tile columns integers.
 */
export const quantizedProductJob = {
  a: "i32",
  aStride: "i32",
  factors: "i32",
  b: "i32",
  weightSums: "i32",
  scale: "i32",
  bias: "i32",
  c: "i32",
  cStride: "i32",
  groups: "i32",
  /** A `unaryNumber`. */
  activation: "i32",
  ...regionsSignature,
} as const;

export interface QuantizedProductParts {
  readonly tile: QuantizedTile;
  readonly gemm: Callable<typeof quantizedGemmSignature>;
  readonly dequantize: Callable<typeof dequantizeSignature>;
  readonly blocks: BlockCallables;
  readonly unary: UnaryCallables;
}

export function emitQuantizedProductJob(module: ModuleBuilder, parts: QuantizedProductParts): ChunkCallable {
  const { tile, gemm, dequantize, blocks, unary } = parts;
  const width = 4 * tile.columns;
  return emitJob(module, "quantizedProduct", quantizedProductJob, (f, { p, chunk, scratch }) => {
    const { aStride, cStride, groups } = p;
    const { firstRow, rows, before, columns } = regionOf(f, chunk, p);
    const a = f.let(i32.add(p.a, i32.multiply(firstRow, aStride)));
    const b = f.let(i32.add(p.b, i32.multiply(before, groups)));
    const c = f.let(i32.add(i32.add(p.c, i32.multiply(firstRow, cStride)), before));

    const panelStride = f.let(i32.multiply(groups, width));
    const group = f.let(i32.divide(panelsAtOnce, panelStride));
    f.set(group, i32.or(group, i32.equal(group, 0)));
    const panels = f.let(i32.divide(columns, tile.columns));
    const to = f.let(c);
    f.while(panels, () => {
      const count = f.let(i32.smaller(panels, group));
      f.call(gemm, { a, aStride, b, panelStride, c: to, cStride, rows, panels: count, groups });
      f.increase(b, i32.multiply(panelStride, count));
      f.increase(to, i32.multiply(count, width));
      f.set(panels, i32.subtract(panels, count));
    });
    const rest = f.let(i32.remainder(columns, tile.columns));
    f.if(rest, () => {
      f.call(gemm, { a, aStride, b, panelStride, c: scratch, cStride: width, rows, panels: 1, groups });
      f.call(blocks.copyBlock, { from: scratch, fromStride: width, to, toStride: cStride, rows, columns: rest });
    });

    f.call(dequantize, {
      ...{ c, cStride, rows, columns },
      factors: i32.add(p.factors, i32.multiply(firstRow, factorBytes)),
      weightSums: i32.add(p.weightSums, before),
      scale: i32.add(p.scale, before),
      bias: i32.select(p.bias, i32.add(p.bias, before), 0),
    });
    f.if(p.activation, () => activate(f, unary, p.activation, { at: c, stride: cStride, rows, columns }));
  });
}
