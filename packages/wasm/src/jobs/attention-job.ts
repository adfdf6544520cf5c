import { i32 } from "../emit/expression.js";
import type { Callable } from "../emit/function-builder.js";
import type { ModuleBuilder } from "../emit/module-builder.js";
import type { PanelCallables } from "../kernels/panels.js";
import type { productSignature } from "../kernels/product.js";
import type { softmaxSignature } from "../kernels/softmax.js";
import { type ChunkCallable, emitJob } from "./job.js";

/** softmax(scale · query · keyᵀ) · value, one head of one sequence a chunk; query, key, value, out: [rows, heads, width]. */
export const attentionJob = {
  query: "i32",
  key: "i32",
  value: "i32",
  out: "i32",
  /** Addresses of [sequences + 1] integers. */
  queryOffsets: "i32",
  keyOffsets: "i32",
  heads: "i32",
  width: "i32",
  valueWidth: "i32",
  /** 1: causal. */
  causal: "i32",
  scale: "f32",
  /** Where in the scratch things lie besides the packed keys, which come first. */
  packedValues: "i32",
  scores: "i32",
  scoresStride: "i32",
  edge: "i32",
} as const;

/** Queries whose scores are held at once: for 512 keys, 96 KB, which the second-level cache keeps. */
export const queriesAtOnce = 48;

export interface AttentionParts {
  readonly panels: PanelCallables;
  readonly product: Callable<typeof productSignature>;
  readonly softmax: Callable<typeof softmaxSignature>;
  /** The tile's. */
  readonly panelWidth: number;
}

export function emitAttentionJob(module: ModuleBuilder, parts: AttentionParts): ChunkCallable {
  const { panels, product, softmax, panelWidth } = parts;
  return emitJob(module, "attention", attentionJob, (f, { p, chunk, scratch }) => {
    const { heads, width, valueWidth, scoresStride, causal, scale } = p;
    const sequence = f.let(i32.shiftLeft(i32.divide(chunk, heads), 2));
    const head = f.let(i32.shiftLeft(i32.remainder(chunk, heads), 2));
    const stride = f.let(i32.shiftLeft(i32.multiply(heads, width), 2));
    const valueStride = f.let(i32.shiftLeft(i32.multiply(heads, valueWidth), 2));
    const firstQuery = f.let(i32.load(i32.add(p.queryOffsets, sequence)));
    const queries = f.let(i32.subtract(i32.load(i32.add(p.queryOffsets, sequence), 4), firstQuery));
    const firstKey = f.let(i32.load(i32.add(p.keyOffsets, sequence)));
    const keys = f.let(i32.subtract(i32.load(i32.add(p.keyOffsets, sequence), 4), firstKey));
    const edge = f.let(i32.add(scratch, p.edge));
    const scores = f.let(i32.add(scratch, p.scores));
    const packedValues = f.let(i32.add(scratch, p.packedValues));

    const key = i32.add(i32.add(p.key, i32.multiply(firstKey, stride)), i32.multiply(head, width));
    const value = i32.add(i32.add(p.value, i32.multiply(firstKey, valueStride)), i32.multiply(head, valueWidth));
    f.call(panels.packRows, { from: key, stride, rows: keys, columns: width, to: scratch, width: panelWidth });
    f.call(panels.packColumns, {
      ...{ from: value, stride: valueStride, rows: keys, columns: valueWidth },
      ...{ to: packedValues, width: panelWidth },
    });
    // Whole panels of scores, so that no edge needs copying; the softmax leaves those beyond the keys alone.
    const padded = f.let(i32.multiply(i32.divide(i32.add(keys, panelWidth - 1), panelWidth), panelWidth));
    const query = f.let(i32.add(i32.add(p.query, i32.multiply(firstQuery, stride)), i32.multiply(head, width)));
    const out = f.let(i32.add(i32.add(p.out, i32.multiply(firstQuery, valueStride)), i32.multiply(head, valueWidth)));
    // A causal first query sees all keys but one for each query after it.
    const seen = f.let(i32.select(causal, i32.add(i32.subtract(keys, queries), 1), keys));
    const left = f.let(queries);
    f.while(left, () => {
      const rows = f.let(i32.smaller(left, queriesAtOnce));
      f.call(product, {
        ...{ a: query, aStride: stride, b: scratch, bias: 0, c: scores, cStride: scoresStride },
        ...{ rows, columns: padded, depth: width, edge },
      });
      f.call(softmax, {
        x: scores,
        out: scores,
        stride: scoresStride,
        rows,
        width: keys,
        seen,
        seenStep: causal,
        scale,
      });
      f.call(product, {
        ...{ a: scores, aStride: scoresStride, b: packedValues, bias: 0, c: out, cStride: valueStride },
        ...{ rows, columns: valueWidth, depth: keys, edge },
      });
      f.increase(query, i32.multiply(rows, stride));
      f.increase(out, i32.multiply(rows, valueStride));
      f.increase(seen, i32.multiply(rows, causal));
      f.set(left, i32.subtract(left, rows));
    });
  });
}
