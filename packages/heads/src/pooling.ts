import { gatherRows, multiply, ShapeError, segmentMax, segmentMean, segmentSum, Tensor } from "@bertkit/tensor";

/** One vector from a sequence's hidden states, spelled as sentence-transformers does. */
export type PoolingMode = "cls" | "max" | "mean" | "mean_sqrt_len_tokens" | "weightedmean" | "lasttoken";

export interface PoolOptions {
  /** How many tokens at the start of every sequence are left out: a prompt's, where the model says so. Default 0. */
  readonly skip?: number;
}

/**
 * hidden [tokens, width] → [sequences, width]. Sequence i is rows offsets[i] … offsets[i+1].
 * `cls` takes the first token, `lasttoken` the last; `mean_sqrt_len_tokens` divides the sum by √n; `weightedmean` weighs
 * token i of 1 … n with i (Muennighoff 2022, section 3.2), which tokens left out do not change.
 * Throws `ShapeError`, also where a sequence has no token left.
 */
export function pool(mode: PoolingMode, hidden: Tensor, offsets: Int32Array, { skip = 0 }: PoolOptions = {}): Tensor {
  if (!(Number.isInteger(skip) && skip >= 0)) throw new ShapeError(`pool: ${skip} tokens cannot be left out`);
  const short = offsets.subarray(1).findIndex((end, i) => end - offsets[i]! <= skip);
  if (short >= 0) {
    const length = offsets[short + 1]! - offsets[short]!;
    throw new ShapeError(`pool: sequence ${short} has ${length} tokens, none left after the first ${skip}`);
  }
  const rows = skip > 0 ? withoutFirst(hidden, offsets, skip) : { hidden, offsets };
  return pooling[mode](rows.hidden, rows.offsets, skip);
}

const pooling: Record<PoolingMode, (hidden: Tensor, offsets: Int32Array, skipped: number) => Tensor> = {
  cls: (hidden, offsets) => gatherRows(hidden, Tensor.from(hidden.backend, offsets.slice(0, -1))),
  max: segmentMax,
  mean: segmentMean,
  mean_sqrt_len_tokens: (hidden, offsets) => {
    const factors = lengths(offsets).map((length) => 1 / Math.sqrt(length));
    return multiply(segmentSum(hidden, offsets), column(hidden, factors));
  },
  weightedmean: (hidden, offsets, skipped) => {
    const weights = lengths(offsets).map((length) => Array.from({ length }, (_, i) => skipped + i + 1));
    const weighted = multiply(hidden, column(hidden, weights.flat()));
    const factors = weights.map((sequence) => 1 / sequence.reduce((sum, weight) => sum + weight));
    return multiply(segmentSum(weighted, offsets), column(hidden, factors));
  },
  lasttoken: (hidden, offsets) => {
    const last = offsets.subarray(1).map((end) => end - 1);
    return gatherRows(hidden, Tensor.from(hidden.backend, last));
  },
};

export const poolingModes = Object.keys(pooling) as readonly PoolingMode[];

const lengths = (offsets: Int32Array): number[] => Array.from(offsets.subarray(1), (end, i) => end - offsets[i]!);

/** [numbers, 1] on the same backend as `like`. */
const column = (like: Tensor, numbers: readonly number[]): Tensor =>
  Tensor.from(like.backend, Float64Array.from(numbers), [numbers.length, 1]);

/** The same sequences without their first rows. */
function withoutFirst(hidden: Tensor, offsets: Int32Array, skip: number): { hidden: Tensor; offsets: Int32Array } {
  const kept = lengths(offsets).map((length, i) =>
    Array.from({ length: length - skip }, (_, j) => offsets[i]! + skip + j),
  );
  return {
    hidden: gatherRows(hidden, Tensor.from(hidden.backend, Int32Array.from(kept.flat()))),
    offsets: offsets.map((offset, i) => offset - i * skip),
  };
}
