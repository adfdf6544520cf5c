import type { AttentionLayout } from "../backend.js";
import { ShapeError } from "../errors.js";
import { floatBackendOf } from "../operands.js";
import type { RandomStream } from "../random.js";
import { expectOffsets, expectShape, showShape } from "../shape.js";
import { differentiable, needsGradient } from "../tape.js";
import { Tensor } from "../tensor.js";
import { scale } from "./arithmetic.js";
import { dropout } from "./dropout.js";

/** What attention does in training beyond its formula. */
export interface AttentionOptions {
  /** How many of the probabilities are dropped, 0 to below 1; only with a random stream. */
  readonly dropoutRate?: number;
  readonly random?: RandomStream | undefined;
}

/**
 * Scaled dot-product attention within each sequence (Vaswani et al. 2017, section 3.2.1), scale 1 / √headWidth.
 * query [queries, heads, headWidth], key and value [keys, heads, headWidth] → [queries, heads, headWidth]
 * A query that sees no key gives zeros. Throws `ShapeError`.
 */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  layout: AttentionLayout,
  { dropoutRate = 0, random }: AttentionOptions = {},
): Tensor {
  const backend = floatBackendOf("attention", query, key, value);
  checkSides("attention", layout, query, key);
  expectShape("attention: value", value, key.shape);
  const fused = backend.fused.attention;
  if (!fused || random || needsGradient(query, key, value)) {
    const probabilities = attentionSoftmax(attentionScores(query, key, layout), layout);
    return attentionMix(dropout(probabilities, dropoutRate, random), value, layout);
  }
  const out = Tensor.empty(backend, query.shape);
  fused.forward(query, key, value, layout, scaleOf(query), out);
  return out;
}

/** query · keyᵀ / √headWidth for each sequence and head: sequence after sequence, [heads, queries, keys] flat. */
export function attentionScores(query: Tensor, key: Tensor, layout: AttentionLayout): Tensor {
  const backend = floatBackendOf("attentionScores", query, key);
  checkSides("attentionScores", layout, query, key);
  const factor = scaleOf(query);
  const out = Tensor.empty(backend, [weightsIn(layout)]);
  backend.kernels.attentionScores(query, key, layout, factor, out);
  return differentiable(out, [query, key], (dy) => {
    const slope = scale(dy, factor);
    return [mixed(slope, key, layout, query), mixedTransposed(slope, query, layout, key)];
  });
}

/** Softmax of scores over the keys that each query sees; 0 for the others. The form of `attentionScores`. */
export function attentionSoftmax(scores: Tensor, layout: AttentionLayout): Tensor {
  const backend = floatBackendOf("attentionSoftmax", scores);
  expectShape("attentionSoftmax: scores", scores, [weightsIn(layout)]);
  const y = Tensor.empty(backend, scores.shape);
  backend.kernels.attentionSoftmax(scores, layout, y);
  return differentiable(y, [scores], (dy) => {
    const slope = Tensor.empty(backend, scores.shape);
    backend.kernels.attentionSoftmaxGradient(y, dy, layout, slope);
    return [slope];
  });
}

/** Each query's sum of values, weighted. weights flat, value [keys, heads, headWidth] → [queries, heads, headWidth] */
export function attentionMix(weights: Tensor, value: Tensor, layout: AttentionLayout): Tensor {
  const backend = floatBackendOf("attentionMix", weights, value);
  expectShape("attentionMix: weights", weights, [weightsIn(layout)]);
  checkSide("attentionMix: value", layout, layout.keyOffsets, value);
  const queries = [layout.queryOffsets.at(-1)!, layout.heads, value.shape[2]!];
  const out = mixed(weights, value, layout, { shape: queries });
  return differentiable(out, [weights, value], (dy) => {
    const slope = Tensor.empty(backend, weights.shape);
    backend.kernels.attentionScores(dy, value, layout, 1, slope);
    return [slope, mixedTransposed(weights, dy, layout, value)];
  });
}

/** How many weights a layout has: Σ heads · queries · keys over its sequences. */
export function weightsIn({ heads, queryOffsets, keyOffsets }: AttentionLayout): number {
  let total = 0;
  for (let s = 0; s + 1 < queryOffsets.length; s++) {
    total += heads * (queryOffsets[s + 1]! - queryOffsets[s]!) * (keyOffsets[s + 1]! - keyOffsets[s]!);
  }
  return total;
}

const scaleOf = (query: Tensor): number => 1 / Math.sqrt(query.shape[2]!);

function mixed(weights: Tensor, value: Tensor, layout: AttentionLayout, like: Pick<Tensor, "shape">): Tensor {
  const out = Tensor.empty(weights.backend, like.shape);
  weights.backend.kernels.attentionMix(weights, value, layout, out);
  return out;
}

function mixedTransposed(weights: Tensor, x: Tensor, layout: AttentionLayout, like: Tensor): Tensor {
  const out = Tensor.empty(weights.backend, like.shape);
  weights.backend.kernels.attentionMixTransposed(weights, x, layout, out);
  return out;
}

function checkSides(caller: string, layout: AttentionLayout, query: Tensor, key: Tensor): void {
  checkSide(`${caller}: query`, layout, layout.queryOffsets, query);
  checkSide(`${caller}: key`, layout, layout.keyOffsets, key);
  if (query.shape[2] !== key.shape[2]) {
    throw new ShapeError(`${caller}: head widths differ, ${showShape(query.shape)} and ${showShape(key.shape)}`);
  }
  if (layout.queryOffsets.length !== layout.keyOffsets.length) {
    const counts = [layout.queryOffsets, layout.keyOffsets].map(({ length }) => length - 1);
    throw new ShapeError(`${caller}: ${counts[0]} sequences of queries but ${counts[1]} of keys`);
  }
}

function checkSide(what: string, { heads }: AttentionLayout, offsets: Int32Array, x: Tensor): void {
  const rows = offsets.at(-1) ?? 0;
  expectOffsets(`${what} offsets`, offsets, rows);
  if (x.shape.length !== 3 || x.shape[0] !== rows || x.shape[1] !== heads) {
    throw new ShapeError(
      `${what} must be [${rows}, ${heads}, headWidth] as its offsets say, got ${showShape(x.shape)}`,
    );
  }
}
