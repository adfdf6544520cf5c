import type { AttentionLayout, FusedKernels } from "@bertkit/tensor";
import type { Machine } from "../machine.js";
import { lowest } from "../wgsl/reduce.js";
import { remembered } from "../wgsl/remembered.js";
import { repeated, shader } from "../wgsl/shader.js";
import { attentionFunctions, attentionPlan } from "./attention-layout.js";

/** Queries of a workgroup, one for each invocation. */
const threads = 32;

/** Attention whose weights are never in memory, after FlashAttention (Dao et al. 2022). */
export function flashAttentionKernels(machine: Machine): Pick<FusedKernels, "attention"> {
  const shaderFor = remembered(flashShader);
  return {
    attention: {
      forward(query, key, value, layout, scale, out) {
        const width = query.shape[2]!;
        if (width === 0) return;
        const { table: plan, sequences } = attentionPlan(layout);
        const tiles = queryTiles(layout);
        machine.run(
          shaderFor(width),
          {
            ...{ query: machine.dense(query), key: machine.dense(key), value: machine.dense(value) },
            ...{ plan, tiles, out: machine.dense(out) },
          },
          { sequences, heads: layout.heads, scale, causal: layout.causal ? 1 : 0 },
          (tiles.length / 2) * layout.heads,
        );
      },
    },
  };
}

/** For each workgroup of a head: its sequence, and the first of its queries in it. */
function queryTiles({ queryOffsets }: AttentionLayout): Int32Array {
  const tiles: number[] = [];
  for (let s = 0; s + 1 < queryOffsets.length; s++) {
    const queries = queryOffsets[s + 1]! - queryOffsets[s]!;
    for (let first = 0; first < queries; first += threads) tiles.push(s, first);
  }
  return Int32Array.from(tiles);
}

/** Keys and values in workgroup memory at a time: as many as 8 KiB hold of each, at most 32. */
const keysAtOnce = (width: number): number => Math.max(1, Math.min(32, Math.floor(8192 / (16 * Math.ceil(width / 4)))));

/**
 * An invocation keeps its query, the weighted sum so far, the largest score and the sum of exponentials; keys and
 * values pass by in tiles. With each tile the sums are scaled to the new largest score.
 */
function flashShader(width: number) {
  const quads = Math.ceil(width / 4);
  const keys = keysAtOnce(width);
  const each = (line: (i: number) => string): string => repeated(quads, line);
  return shader({
    name: `attention of ${width}`,
    threads,
    reads: { query: "f32", key: "f32", value: "f32", plan: "u32", tiles: "u32" },
    writes: { out: "f32" },
    parameters: { sequences: "u32", heads: "u32", scale: "f32", causal: "u32" },
    declarations: `${attentionFunctions}
var<workgroup> keyTile: array<vec4<f32>, ${keys * quads}>;
var<workgroup> valueTile: array<vec4<f32>, ${keys * quads}>;
${["query", "key", "value"].map((array) => quadFunction(array, width)).join("\n")}`,
    body: `  let head = group % p.heads;
  let tile = group / p.heads;
  let sequence = sequenceNumber(tiles[2u * tile]);
  let i = tiles[2u * tile + 1u] + lane;
  let isQuery = i < sequence.queries;
  let own = ((sequence.firstQuery + min(i, sequence.queries - 1u)) * p.heads + head) * ${width}u;
  let seen = select(0u, seenBy(sequence, i, p.causal), isQuery);
${each((q) => `  let q${q} = queryQuad(own, ${q}u); var sum${q} = vec4<f32>();`)}
  var top = ${lowest};
  var total = 0.0;
  var scores: array<f32, ${keys}>;
  for (var first = 0u; first < sequence.keys; first += ${keys}u) {
    workgroupBarrier();
    for (var slot = lane; slot < ${keys * quads}u; slot += ${threads}u) {
      let j = min(first + slot / ${quads}u, sequence.keys - 1u);
      let at = ((sequence.firstKey + j) * p.heads + head) * ${width}u;
      keyTile[slot] = keyQuad(at, slot % ${quads}u);
      valueTile[slot] = valueQuad(at, slot % ${quads}u);
    }
    workgroupBarrier();
    let count = select(0u, min(seen - first, ${keys}u), first < seen);
    var newTop = top;
    for (var j = 0u; j < count; j++) {
      var dots = vec4<f32>();
${each((q) => `      dots = fma(q${q}, keyTile[j * ${quads}u + ${q}u], dots);`)}
      scores[j] = ((dots.x + dots.y) + (dots.z + dots.w)) * p.scale;
      newTop = max(newTop, scores[j]);
    }
    let shrink = exp(top - newTop);
    top = newTop;
    total *= shrink;
${each((q) => `    sum${q} *= shrink;`)}
    for (var j = 0u; j < count; j++) {
      let weight = exp(scores[j] - top);
      total += weight;
${each((q) => `      sum${q} = fma(vec4<f32>(weight), valueTile[j * ${quads}u + ${q}u], sum${q});`)}
    }
  }
  if (!isQuery) { return; }
  let inverse = select(0.0, 1.0 / total, seen > 0u);
${each((q) => storeQuad(q, width))}`,
  });
}

/** Four numbers of a row; 0 past its width. */
function quadFunction(array: string, width: number): string {
  const element = (i: number): string =>
    width % 4 === 0 ? `${array}[at + ${i}u]` : `select(0.0, ${array}[at + ${i}u], 4u * quad + ${i}u < ${width}u)`;
  return `fn ${array}Quad(row: u32, quad: u32) -> vec4<f32> {
  let at = row + 4u * quad;
  return vec4<f32>(${[0, 1, 2, 3].map(element).join(", ")});
}`;
}

const storeQuad = (quad: number, width: number): string =>
  repeated(Math.min(4, width - 4 * quad), (i) => `  out[own + ${4 * quad + i}u] = sum${quad}[${i}] * inverse;`);
