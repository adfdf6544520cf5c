import { gatherRows, multiply, segmentMax, segmentMean, segmentSum, Tensor } from "@bertkit/tensor";

/** One vector from a sequence's hidden states, spelled as sentence-transformers does. */
export type PoolingMode = "cls" | "max" | "mean" | "mean_sqrt_len_tokens" | "weightedmean" | "lasttoken";

/**
 * hidden [tokens, width] → [sequences, width]. Sequence i is rows offsets[i] … offsets[i+1], none empty.
 * `cls` takes the first token, `lasttoken` the last; `mean_sqrt_len_tokens` divides the sum by √n; `weightedmean` weighs
 * token i of 1 … n with i (Muennighoff 2022, section 3.2). Throws `ShapeError`.
 */
export function pool(mode: PoolingMode, hidden: Tensor, offsets: Int32Array): Tensor {
  return pooling[mode](hidden, offsets);
}

const pooling: Record<PoolingMode, (hidden: Tensor, offsets: Int32Array) => Tensor> = {
  cls: (hidden, offsets) => gatherRows(hidden, Tensor.from(hidden.backend, offsets.slice(0, -1))),
  lasttoken: (hidden, offsets) =>
    gatherRows(
      hidden,
      Tensor.from(
        hidden.backend,
        offsets.subarray(1).map((end) => end - 1),
      ),
    ),
  max: segmentMax,
  mean: segmentMean,
  mean_sqrt_len_tokens: (hidden, offsets) =>
    multiply(
      segmentSum(hidden, offsets),
      column(hidden, lengths(offsets), (length) => 1 / Math.sqrt(length)),
    ),
  weightedmean: (hidden, offsets) => {
    const places = lengths(offsets).flatMap((length) => Array.from({ length }, (_, i) => i + 1));
    const weighted = multiply(
      hidden,
      column(hidden, places, (place) => place),
    );
    return multiply(
      segmentSum(weighted, offsets),
      column(hidden, lengths(offsets), (length) => 2 / (length * (length + 1))),
    );
  },
};

export const poolingModes = Object.keys(pooling) as readonly PoolingMode[];

const lengths = (offsets: Int32Array): number[] =>
  Array.from(offsets.subarray(1), (end, i) => Math.max(1, end - offsets[i]!));

/** [numbers, 1] on the same backend as `like`. */
function column(like: Tensor, numbers: readonly number[], factor: (value: number) => number): Tensor {
  return Tensor.from(like.backend, Float32Array.from(numbers, factor), [numbers.length, 1]);
}
