import { i32 } from "../emit/expression.js";
import type { Callable } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import { layerNormSignature } from "../kernels/layer-norm.js";
import { type ChunkCallable, emitJob, rowsOf } from "./job.js";

/** The kernel `layerNorm`, a block of rows a chunk. */
export const layerNormJob = { ...layerNormSignature, rowsAtOnce: "i32" } as const;

export function emitLayerNormJob(module: ModuleBuilder, layerNorm: Callable<typeof layerNormSignature>): ChunkCallable {
  return emitJob(module, "layerNorm", layerNormJob, (f, { p, chunk }) => {
    const { weight, bias, width, epsilon } = p;
    const { first, count: rows } = rowsOf(f, chunk, p);
    const before = f.let(i32.shiftLeft(i32.multiply(first, width), 2));
    const [x, out] = [i32.add(p.x, before), i32.add(p.out, before)];
    const residual = i32.select(p.residual, i32.add(p.residual, before), 0);
    f.call(layerNorm, { x, residual, weight, bias, out, rows, width, epsilon });
  });
}
