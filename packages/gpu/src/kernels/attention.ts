import type { AttentionLayout, Kernels, View } from "@bertkit/tensor";
import type { Machine } from "../machine.js";
import { lowest, reductions } from "../wgsl/reduce.js";
import { remembered } from "../wgsl/remembered.js";
import { shader } from "../wgsl/shader.js";
import { attentionFunctions, attentionPlan, planColumns } from "./attention-layout.js";

type AttentionKernels = Pick<
  Kernels,
  "attentionScores" | "attentionSoftmax" | "attentionSoftmaxGradient" | "attentionMix" | "attentionMixTransposed"
>;

/** Attention in steps, with its weights in memory: what gradients need. */
export function attentionKernels(machine: Machine): AttentionKernels {
  const softmax = remembered(softmaxShader);
  const mix = (flipped: boolean, weights: View, x: View, layout: AttentionLayout, out: View) => {
    const { table: plan, sequences, queries, keys } = attentionPlan(layout);
    const [rows, width] = [flipped ? keys : queries, x.shape[2]!];
    machine.runEach(
      flipped ? mixTransposedShader : mixShader,
      { weights: machine.dense(weights), x: machine.dense(x), plan, out: machine.dense(out) },
      { size: rows * layout.heads * width, sequences, heads: layout.heads, width },
    );
  };
  return {
    attentionScores(query, key, layout, scale, out) {
      const { table: plan, sequences, weights } = attentionPlan(layout);
      machine.runEach(
        scoresShader,
        { query: machine.dense(query), key: machine.dense(key), plan, out: machine.dense(out) },
        { size: weights, sequences, heads: layout.heads, width: query.shape[2]!, scale },
      );
    },
    attentionSoftmax(scores, layout, out) {
      const { table: plan, sequences, queries } = attentionPlan(layout);
      const [x, y] = [machine.dense(scores), machine.dense(out)];
      const parameters = { sequences, heads: layout.heads, causal: layout.causal ? 1 : 0 };
      const groups = queries * layout.heads;
      if (x === y) machine.run(softmax(true), { plan, x: plan, out: y }, parameters, groups);
      else machine.run(softmax(false), { plan, x, out: y }, parameters, groups);
    },
    attentionSoftmaxGradient(y, dy, layout, out) {
      const { table: plan, sequences, queries } = attentionPlan(layout);
      machine.run(
        gradientShader,
        { plan, y: machine.dense(y), dy: machine.dense(dy), out: machine.dense(out) },
        { sequences, heads: layout.heads },
        queries * layout.heads,
      );
    },
    attentionMix: (weights, value, layout, out) => mix(false, weights, value, layout, out),
    attentionMixTransposed: (weights, x, layout, out) => mix(true, weights, x, layout, out),
  };
}

const threads = 64;

const scoresShader = shader({
  name: "attentionScores",
  threads,
  reads: { query: "f32", key: "f32", plan: "u32" },
  writes: { out: "f32" },
  parameters: { size: "u32", sequences: "u32", heads: "u32", width: "u32", scale: "f32" },
  declarations: attentionFunctions,
  body: `  let at = group * ${threads}u + lane;
  if (at >= p.size) { return; }
  let sequence = sequenceWith(at, ${planColumns.weight}u);
  let place = at - sequence.firstWeight;
  let head = place / (sequence.queries * sequence.keys);
  let i = place / sequence.keys % sequence.queries;
  let j = place % sequence.keys;
  let q = ((sequence.firstQuery + i) * p.heads + head) * p.width;
  let k = ((sequence.firstKey + j) * p.heads + head) * p.width;
  var sum = 0.0;
  for (var x = 0u; x < p.width; x++) { sum = fma(query[q + x], key[k + x], sum); }
  out[at] = sum * p.scale;`,
});

const mixParameters = { size: "u32", sequences: "u32", heads: "u32", width: "u32" } as const;

const mixShader = shader({
  name: "attentionMix",
  threads,
  reads: { weights: "f32", x: "f32", plan: "u32" },
  writes: { out: "f32" },
  parameters: mixParameters,
  declarations: attentionFunctions,
  body: `  let at = group * ${threads}u + lane;
  if (at >= p.size) { return; }
  let row = at / (p.heads * p.width);
  let column = at % (p.heads * p.width);
  let sequence = sequenceWith(row, ${planColumns.query}u);
  let i = row - sequence.firstQuery;
  let first = sequence.firstWeight + (column / p.width * sequence.queries + i) * sequence.keys;
  var sum = 0.0;
  for (var j = 0u; j < sequence.keys; j++) {
    sum = fma(weights[first + j], x[(sequence.firstKey + j) * p.heads * p.width + column], sum);
  }
  out[at] = sum;`,
});

const mixTransposedShader = shader({
  name: "attentionMixTransposed",
  threads,
  reads: { weights: "f32", x: "f32", plan: "u32" },
  writes: { out: "f32" },
  parameters: mixParameters,
  declarations: attentionFunctions,
  body: `  let at = group * ${threads}u + lane;
  if (at >= p.size) { return; }
  let row = at / (p.heads * p.width);
  let column = at % (p.heads * p.width);
  let sequence = sequenceWith(row, ${planColumns.key}u);
  let j = row - sequence.firstKey;
  let block = sequence.firstWeight + column / p.width * sequence.queries * sequence.keys;
  var sum = 0.0;
  for (var i = 0u; i < sequence.queries; i++) {
    let weight = weights[block + i * sequence.keys + j];
    sum = fma(weight, x[(sequence.firstQuery + i) * p.heads * p.width + column], sum);
  }
  out[at] = sum;`,
});

/** A workgroup has one query's row of one head. */
const ownRow = `  let row = group / p.heads;
  let head = group % p.heads;
  let sequence = sequenceWith(row, ${planColumns.query}u);
  let i = row - sequence.firstQuery;
  let first = sequence.firstWeight + (head * sequence.queries + i) * sequence.keys;`;

function softmaxShader(inPlace: boolean) {
  const scores = inPlace ? "out" : "x";
  return shader({
    name: "attentionSoftmax",
    threads,
    reads: { plan: "u32", x: "f32" },
    writes: { out: "f32" },
    parameters: { sequences: "u32", heads: "u32", causal: "u32" },
    declarations: attentionFunctions + reductions(threads),
    body: `${ownRow}
  let seen = seenBy(sequence, i, p.causal);
  var ownTop = ${lowest};
  for (var j = lane; j < seen; j += ${threads}u) { ownTop = max(ownTop, ${scores}[first + j]); }
  let top = maxOfGroup(lane, ownTop);
  var ownSum = 0.0;
  for (var j = lane; j < seen; j += ${threads}u) { ownSum += exp(${scores}[first + j] - top); }
  let sum = sumOfGroup(lane, ownSum);
  for (var j = lane; j < sequence.keys; j += ${threads}u) {
    if (j < seen) { out[first + j] = exp(${scores}[first + j] - top) / sum; } else { out[first + j] = 0.0; }
  }`,
  });
}

const gradientShader = shader({
  name: "attentionSoftmaxGradient",
  threads,
  reads: { plan: "u32", y: "f32", dy: "f32" },
  writes: { out: "f32" },
  parameters: { sequences: "u32", heads: "u32" },
  declarations: attentionFunctions + reductions(threads),
  body: `${ownRow}
  var own = 0.0;
  for (var j = lane; j < sequence.keys; j += ${threads}u) { own += y[first + j] * dy[first + j]; }
  let dot = sumOfGroup(lane, own);
  for (var j = lane; j < sequence.keys; j += ${threads}u) {
    out[first + j] = y[first + j] * (dy[first + j] - dot);
  }`,
});
