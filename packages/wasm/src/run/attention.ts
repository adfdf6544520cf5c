import { type AttentionLayout, attentionBlocks } from "@bertkit/tensor";
import { queriesAtOnce } from "../jobs/attention-job.js";
import type { Machine } from "./machine.js";
import { type Block, packColumns, packedBytes, packRows } from "./panels.js";
import { edgeBytes, multiply } from "./product.js";

/** A [rows, heads, width] block of floats. */
export interface HeadedBlock {
  readonly address: number;
  readonly width: number;
}

/** softmax(scale · query · keyᵀ) · value; the weights of a few queries at a time pass through scratch memory. */
export function attend(
  machine: Machine,
  inputs: { readonly query: HeadedBlock; readonly key: HeadedBlock; readonly value: HeadedBlock },
  layout: AttentionLayout,
  scale: number,
  out: HeadedBlock,
): void {
  const { query, key, value } = inputs;
  const { memory, tile, threads } = machine;
  const { heads, queryOffsets, keyOffsets, causal } = layout;
  const most = mostKeys(layout);
  const scoresStride = 4 * Math.ceil(most / tile.columns) * tile.columns;
  const packedValues = packedBytes(machine, key.width, most);
  const scores = packedValues + packedBytes(machine, most, value.width);
  const edge = scores + scoresStride * queriesAtOnce;
  const stride = edge + 4 * tile.columns * queriesAtOnce;
  const offsetBytes = 4 * queryOffsets.length;
  const [scratch, queriesAt, keysAt] = memory.scratch(threads * stride, offsetBytes, offsetBytes);
  memory.integers(queriesAt, queryOffsets.length).set(queryOffsets);
  memory.integers(keysAt, keyOffsets.length).set(keyOffsets);
  machine.run("attention", {
    parameters: {
      query: query.address,
      key: key.address,
      value: value.address,
      out: out.address,
      queryOffsets: queriesAt,
      keyOffsets: keysAt,
      heads,
      width: query.width,
      valueWidth: value.width,
      causal: causal ? 1 : 0,
      scale,
      packedValues,
      scores,
      scoresStride,
      edge,
    },
    chunks: heads * (queryOffsets.length - 1),
    scratch: { address: scratch, stride },
  });
}

/** scale · query · keyᵀ for each sequence and head, into flat [queries, keys] blocks. */
export function attentionScores(
  machine: Machine,
  query: HeadedBlock,
  key: HeadedBlock,
  layout: AttentionLayout,
  scale: number,
  out: number,
): void {
  const most = mostKeys(layout);
  const [packed, edge, factor] = machine.memory.scratch(packedBytes(machine, key.width, most), edgeBytes(machine), 4);
  machine.memory.floats(factor, 1)[0] = scale;
  for (const { head, at, firstQuery, queries, firstKey, keys } of attentionBlocks(layout)) {
    packRows(machine, blockOf(key, layout.heads, head, firstKey, keys), packed);
    const scores = out + 4 * at;
    multiply(machine, {
      left: blockOf(query, layout.heads, head, firstQuery, queries),
      right: packed,
      bias: 0,
      out: scores,
      outStride: 4 * keys,
      columns: keys,
      edge,
    });
    machine.functions["binary.multiply.right"](scores, factor, scores, queries * keys);
  }
}

/** Softmax over each row of keys. `out` may be `scores`. */
export function attentionSoftmax({ functions }: Machine, scores: number, layout: AttentionLayout, out: number): void {
  for (const { at, queries, keys } of attentionBlocks(layout)) {
    const seen = layout.causal ? 1 + keys - queries : keys;
    functions.softmax(scores + 4 * at, out + 4 * at, 4 * keys, queries, keys, seen, layout.causal ? 1 : 0, 1);
  }
}

export function attentionSoftmaxGradient(
  machine: Machine,
  y: number,
  dy: number,
  layout: AttentionLayout,
  out: number,
): void {
  for (const { at, queries, keys } of attentionBlocks(layout)) {
    machine.rare().softmaxGradient(y + 4 * at, dy + 4 * at, out + 4 * at, queries, keys);
  }
}

/** weights · value for each sequence and head. */
export function attentionMix(
  machine: Machine,
  weights: number,
  value: HeadedBlock,
  layout: AttentionLayout,
  out: HeadedBlock,
): void {
  const [packed, edge] = machine.memory.scratch(
    packedBytes(machine, mostKeys(layout), value.width),
    edgeBytes(machine),
  );
  for (const { head, at, firstQuery, queries, firstKey, keys } of attentionBlocks(layout)) {
    packColumns(machine, blockOf(value, layout.heads, head, firstKey, keys), packed);
    const target = blockOf(out, layout.heads, head, firstQuery, queries);
    multiply(machine, {
      left: { address: weights + 4 * at, stride: 4 * keys, rows: queries, columns: keys },
      right: packed,
      bias: 0,
      out: target.address,
      outStride: target.stride,
      columns: value.width,
      edge,
    });
  }
}

/** weightsᵀ · x for each sequence and head. */
export function attentionMixTransposed(
  machine: Machine,
  weights: number,
  x: HeadedBlock,
  layout: AttentionLayout,
  out: HeadedBlock,
): void {
  const mostQueries = longest(layout.queryOffsets);
  const [packed, transposed, edge] = machine.memory.scratch(
    packedBytes(machine, mostQueries, x.width),
    4 * mostQueries * mostKeys(layout),
    edgeBytes(machine),
  );
  for (const { head, at, firstQuery, queries, firstKey, keys } of attentionBlocks(layout)) {
    packColumns(machine, blockOf(x, layout.heads, head, firstQuery, queries), packed);
    machine.functions.transposeBlock(weights + 4 * at, 4 * keys, transposed, 4 * queries, queries, keys);
    const target = blockOf(out, layout.heads, head, firstKey, keys);
    multiply(machine, {
      left: { address: transposed, stride: 4 * queries, rows: keys, columns: queries },
      right: packed,
      bias: 0,
      out: target.address,
      outStride: target.stride,
      columns: x.width,
      edge,
    });
  }
}

/** Some rows of one head. */
function blockOf({ address, width }: HeadedBlock, heads: number, head: number, firstRow: number, rows: number): Block {
  const stride = 4 * heads * width;
  return { address: address + firstRow * stride + 4 * head * width, stride, rows, columns: width };
}

const mostKeys = (layout: AttentionLayout): number => longest(layout.keyOffsets);

function longest(offsets: Int32Array): number {
  let most = 0;
  for (let i = 1; i < offsets.length; i++) most = Math.max(most, offsets[i]! - offsets[i - 1]!);
  return most;
}
