import { type EncoderOutput, Linear } from "@bertkit/layers";
import {
  add,
  exp,
  gatherRows,
  log,
  mean,
  reshape,
  type Shape,
  ShapeError,
  scale,
  segmentMax,
  segmentSum,
  sizeOf,
  subtract,
  Tensor,
  type Values,
} from "@bertkit/tensor";
import type { Encoding } from "@bertkit/tokenizer";
import { Head } from "./head.js";
import { splitRows, splitSequences } from "./split-rows.js";

/** Where the answers begin and end: tokens counted within their sequence, from 0; the last one belongs to the answer. */
export interface AnswerPositions {
  /** [sequences] */
  readonly starts: Int32Array;
  /** [sequences] */
  readonly ends: Int32Array;
}

/** How well each token of a sequence would begin and end the answer, as logits. */
export interface AnswerLogits {
  /** [tokens of the sequence] */
  readonly starts: Float32Array;
  /** [tokens of the sequence] */
  readonly ends: Float32Array;
}

/** Which tokens of a text answer a question (Devlin et al. 2019, section 4.2). */
export class QuestionAnswering extends Head<AnswerPositions, AnswerLogits> {
  readonly linear: Linear;

  constructor({ width }: { readonly width: number }) {
    super();
    this.linear = new Linear(width, 2);
  }

  /** For each token a logit for the start and one for the end, [tokens, 2]. */
  override forward({ hidden }: EncoderOutput): Tensor {
    return this.linear.forward(hidden);
  }

  /**
   * Half the sum of the mean surprise at the starts and of that at the ends, among the tokens of each sequence. A position
   * beyond its sequence does not count. → [] Throws `ShapeError`, also where no start or no end counts.
   */
  override loss(encoded: EncoderOutput, { starts, ends }: AnswerPositions): Tensor {
    const { offsets } = encoded;
    const logProbabilities = segmentLogSoftmax(this.forward(encoded), offsets);
    const flat = reshape(logProbabilities, [sizeOf(logProbabilities.shape), 1]);
    const meanAt = (what: string, rows: Int32Array, column: 0 | 1): Tensor => {
      if (rows.length === 0) throw new ShapeError(`no ${what} lies within its sequence: there is nothing to learn`);
      const picked = rows.map((row) => 2 * row + column);
      return mean(gatherRows(flat, Tensor.from(flat.backend, picked)));
    };
    const startMean = meanAt("start", rowsWithin("starts", starts, offsets), 0);
    const endMean = meanAt("end", rowsWithin("ends", ends, offsets), 1);
    return scale(add(startMean, endMean), -0.5);
  }

  /**
   * A sequence's logits; without encodings all tokens are one sequence's. Throws `ShapeError` for encodings of other
   * tokens.
   */
  override answer(values: Values, shape: Shape, encodings?: readonly Encoding[]): AnswerLogits[] {
    return splitSequences(splitRows(values, shape), encodings).map((rows) => ({
      starts: Float32Array.from(rows, (row) => row[0]!),
      ends: Float32Array.from(rows, (row) => row[1]!),
    }));
  }
}

/** The rows of the batch that positions within sequences name, without those beyond their sequence's end. */
function rowsWithin(what: string, positions: Int32Array, offsets: Int32Array): Int32Array {
  const sequences = offsets.length - 1;
  if (positions.length !== sequences) {
    throw new ShapeError(`${positions.length} ${what} for ${sequences} sequences: give one for each`);
  }
  const negative = positions.findIndex((position) => position < 0);
  if (negative >= 0) {
    throw new ShapeError(`${what}: ${positions[negative]} of sequence ${negative} is no position: they count from 0`);
  }
  const rows = positions.map((position, i) => offsets[i]! + position);
  return rows.filter((row, i) => row < offsets[i + 1]!);
}

/** x − log Σ eˣ over the rows of each segment, column by column. [rows, columns] → [rows, columns] */
function segmentLogSoftmax(x: Tensor, offsets: Int32Array): Tensor {
  const segments = new Int32Array(x.shape[0]!);
  for (let i = 0; i + 1 < offsets.length; i++) segments.fill(i, offsets[i], offsets[i + 1]);
  const segmentOfRow = Tensor.from(x.backend, segments);
  const largest = segmentMax(x, offsets);
  const shift = largest.viewAs(largest.shape); // a view: whatever is subtracted, the result has the same gradient
  const shifted = subtract(x, gatherRows(shift, segmentOfRow));
  const sums = segmentSum(exp(shifted), offsets);
  return subtract(shifted, gatherRows(log(sums), segmentOfRow));
}
