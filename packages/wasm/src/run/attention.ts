import { type AttentionLayout, attentionBlocks } from "@bertkit/tensor";
import type { Machine } from "./machine.js";
import { type Block, packColumns, packedBytes, packRows } from "./panels.js";
import { edgeBytes, multiply } from "./product.js";

/** A [rows, heads, width] block of floats. */
export interface HeadedBlock {
  readonly address: number;
  readonly width: number;
}

/** Queries whose scores are held at once: for 512 keys, 96 KB, which the second-level cache keeps. */
const queriesAtOnce = 48;

/** softmax(scale · query · keyᵀ) · value; the weights of a few queries at a time pass through scratch memory. */
export function attend(
  machine: Machine,
  inputs: { readonly query: HeadedBlock; readonly key: HeadedBlock; readonly value: HeadedBlock },
  layout: AttentionLayout,
  scale: number,
  out: HeadedBlock,
): void {
  const { query, key, value } = inputs;
  const most = mostKeys(layout);
  const { columns } = machine.tile;
  const stride = 4 * Math.ceil(most / columns) * columns;
  const [packedKeys, packedValues, scores, edge] = machine.memory.scratch(
    packedBytes(machine, key.width, most),
    packedBytes(machine, most, value.width),
    stride * queriesAtOnce,
    edgeBytes(machine),
  );
  for (const block of attentionBlocks(layout)) {
    const { head, firstQuery, queries, firstKey, keys } = block;
    packRows(machine, blockOf(key, layout.heads, head, firstKey, keys), packedKeys);
    packColumns(machine, blockOf(value, layout.heads, head, firstKey, keys), packedValues);
    // Whole panels of scores, so that no edge needs copying; the softmax leaves those beyond the keys alone.
    const padded = Math.ceil(keys / columns) * columns;
    for (let first = 0; first < queries; first += queriesAtOnce) {
      const rows = Math.min(queriesAtOnce, queries - first);
      const left = blockOf(query, layout.heads, head, firstQuery + first, rows);
      multiply(machine, {
        left,
        right: packedKeys,
        bias: 0,
        out: scores,
        outStride: stride,
        columns: padded,
        edge,
      });
      const seen = layout.causal ? first + 1 + keys - queries : keys;
      machine.functions.softmax(scores, scores, stride, rows, keys, seen, layout.causal ? 1 : 0, scale);
      const target = blockOf(out, layout.heads, head, firstQuery + first, rows);
      multiply(machine, {
        left: { address: scores, stride, rows, columns: keys },
        right: packedValues,
        bias: 0,
        out: target.address,
        outStride: target.stride,
        columns: value.width,
        edge,
      });
    }
  }
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
  { functions }: Machine,
  y: number,
  dy: number,
  layout: AttentionLayout,
  out: number,
): void {
  for (const { at, queries, keys } of attentionBlocks(layout)) {
    functions.softmaxGradient(y + 4 * at, dy + 4 * at, out + 4 * at, queries, keys);
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
