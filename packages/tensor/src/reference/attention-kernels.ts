import { attentionBlocks } from "../attention-blocks.js";
import type { Kernels, Values, View } from "../backend.js";

// Taken once: in a sandbox such as jest's every mention of a global is a slow look-up, and these loops are long.
const { exp, max, min } = Math;

type AttentionKernels = Pick<
  Kernels,
  "attentionScores" | "attentionSoftmax" | "attentionSoftmaxGradient" | "attentionMix" | "attentionMixTransposed"
>;

/** The attention kernels as loops over typed arrays. */
export function plainAttentionKernels(open: (view: View) => Values): AttentionKernels {
  return {
    attentionScores(query, key, layout, scale, out) {
      const [Q, K, S] = [open(query), open(key), open(out)];
      const headWidth = query.shape[2]!;
      for (const { head, at, firstQuery, queries, firstKey, keys } of attentionBlocks(layout)) {
        for (let i = 0; i < queries; i++) {
          const q = ((firstQuery + i) * layout.heads + head) * headWidth;
          for (let j = 0; j < keys; j++) {
            const k = ((firstKey + j) * layout.heads + head) * headWidth;
            let sum = 0;
            for (let x = 0; x < headWidth; x++) sum += Q[q + x]! * K[k + x]!;
            S[at + i * keys + j] = sum * scale;
          }
        }
      }
    },
    attentionSoftmax(scores, layout, out) {
      const [S, Y] = [open(scores), open(out)];
      for (const { at, queries, keys } of attentionBlocks(layout)) {
        for (let i = 0; i < queries; i++) {
          const row = at + i * keys;
          const seen = layout.causal ? max(0, min(keys, i + 1 + keys - queries)) : keys;
          let top = -Infinity;
          for (let j = 0; j < seen; j++) top = max(top, S[row + j]!);
          let sum = 0;
          for (let j = 0; j < seen; j++) sum += exp(S[row + j]! - top);
          for (let j = 0; j < seen; j++) Y[row + j] = exp(S[row + j]! - top) / sum;
          Y.fill(0, row + seen, row + keys);
        }
      }
    },
    attentionSoftmaxGradient(y, dy, layout, out) {
      const [Y, D, X] = [open(y), open(dy), open(out)];
      for (const { at, queries, keys } of attentionBlocks(layout)) {
        for (let row = at; row < at + queries * keys; row += keys) {
          let dot = 0;
          for (let j = row; j < row + keys; j++) dot += Y[j]! * D[j]!;
          for (let j = row; j < row + keys; j++) X[j] = Y[j]! * (D[j]! - dot);
        }
      }
    },
    attentionMix(weights, value, layout, out) {
      const [W, V, O] = [open(weights), open(value), open(out)];
      const headWidth = value.shape[2]!;
      const sums = new Float64Array(headWidth);
      for (const { head, at, firstQuery, queries, firstKey, keys } of attentionBlocks(layout)) {
        for (let i = 0; i < queries; i++) {
          sums.fill(0);
          for (let j = 0; j < keys; j++) {
            const weight = W[at + i * keys + j]!;
            const v = ((firstKey + j) * layout.heads + head) * headWidth;
            for (let x = 0; x < headWidth; x++) sums[x]! += weight * V[v + x]!;
          }
          O.set(sums, ((firstQuery + i) * layout.heads + head) * headWidth);
        }
      }
    },
    attentionMixTransposed(weights, x, layout, out) {
      const [W, X, O] = [open(weights), open(x), open(out)];
      const headWidth = x.shape[2]!;
      const sums = new Float64Array(headWidth);
      for (const { head, at, firstQuery, queries, firstKey, keys } of attentionBlocks(layout)) {
        for (let j = 0; j < keys; j++) {
          sums.fill(0);
          for (let i = 0; i < queries; i++) {
            const weight = W[at + i * keys + j]!;
            const from = ((firstQuery + i) * layout.heads + head) * headWidth;
            for (let e = 0; e < headWidth; e++) sums[e]! += weight * X[from + e]!;
          }
          O.set(sums, ((firstKey + j) * layout.heads + head) * headWidth);
        }
      }
    },
  };
}
