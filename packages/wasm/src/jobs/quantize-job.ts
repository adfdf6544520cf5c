import { i32 } from "../emit/expression.js";
import type { Callable } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { factorBytes, quantizeSignature } from "../kernels/quantize.js";
import { type ChunkCallable, emitJob, rowsOf } from "./job.js";

/** The kernel `quantizeRows`, a block of rows a chunk. */
export const quantizeJob = { ...quantizeSignature, rowsAtOnce: "i32" } as const;

export function emitQuantizeJob(
  module: ModuleBuilder,
  quantizeRows: Callable<typeof quantizeSignature>,
): ChunkCallable {
  return emitJob(module, "quantize", quantizeJob, (f, { p, chunk }) => {
    const { levelStride, width } = p;
    const { first, count: rows } = rowsOf(f, chunk, p);
    const x = i32.add(p.x, i32.shiftLeft(i32.multiply(first, width), 2));
    const levels = i32.add(p.levels, i32.multiply(first, levelStride));
    const factors = i32.add(p.factors, i32.multiply(first, factorBytes));
    f.call(quantizeRows, { x, levels, levelStride, factors, rows, width });
  });
}
