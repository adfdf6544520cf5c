import { Head, pool } from "@bertkit/heads";
import { type EncoderOutput, Linear } from "@bertkit/layers";
import {
  add,
  binaryCrossEntropy,
  constant,
  dropout,
  Parameter,
  type RandomStream,
  type Shape,
  ShapeError,
  Tensor,
  type Values,
} from "@bertkit/tensor";

export interface OrdinalRatingOptions {
  readonly width: number;
  /** How many ratings there are: 5 for one to five stars. */
  readonly levels: number;
  /** Of the pooled hidden states, when a random stream is given. Default 0. */
  readonly dropoutRate?: number;
}

/** What a text is rated, from 0. */
export interface Rating {
  readonly level: number;
  /** How likely it is rated 1 or more, 2 or more …: levels − 1 numbers that never rise. */
  readonly atLeast: readonly number[];
}

/**
 * Ratings on an ordered scale: one score a text and a threshold between two levels, so that four stars for five is less
 * wrong than one (Cao et al. 2020, "Rank consistent ordinal regression", section 3.3).
 */
export class OrdinalRating extends Head<Int32Array, Rating> {
  /** Without a bias: the thresholds are that. */
  readonly score: Linear;
  /** [levels − 1] */
  readonly thresholds: Parameter;
  readonly dropoutRate: number;

  constructor({ width, levels, dropoutRate = 0 }: OrdinalRatingOptions) {
    super();
    this.score = new Linear(width, 1, { bias: false });
    this.thresholds = new Parameter([levels - 1], constant(0));
    this.dropoutRate = dropoutRate;
  }

  /** For each threshold, the logit that the text is above it. → [sequences, levels − 1] */
  override forward({ hidden, offsets }: EncoderOutput, random?: RandomStream): Tensor {
    const pooled = dropout(pool("mean", hidden, offsets), this.dropoutRate, random);
    return add(this.score.forward(pooled), this.thresholds);
  }

  /** Mean binary cross-entropy over all thresholds. labels [sequences], 0 … levels − 1 → []. Throws `ShapeError`. */
  override loss(encoded: EncoderOutput, labels: Int32Array, random?: RandomStream): Tensor {
    const logits = this.forward(encoded, random);
    const [sequences, thresholds] = logits.shape as readonly [number, number];
    if (labels.length !== sequences || labels.some((label) => !(label >= 0 && label <= thresholds))) {
      throw new ShapeError(`OrdinalRating: wanted ${sequences} levels from 0 to ${thresholds}, got [${labels}]`);
    }
    const isAbove = Float32Array.from({ length: sequences * thresholds }, (_, i) =>
      labels[Math.floor(i / thresholds)]! > i % thresholds ? 1 : 0,
    );
    return binaryCrossEntropy(logits, Tensor.from(logits.backend, isAbove, logits.shape));
  }

  /** The level of each text: how many thresholds it is above. values [sequences, levels − 1] */
  override answer(values: Values, shape: Shape): Rating[] {
    const [sequences, thresholds] = shape as readonly [number, number];
    return Array.from({ length: sequences }, (_, i) => {
      // At the loss's minimum the thresholds are in order (theorem 1 of the paper); on the way there they may not be.
      const logits = Array.from(values.subarray(i * thresholds, (i + 1) * thresholds)).sort((a, b) => b - a);
      return {
        level: logits.filter((logit) => logit > 0).length,
        atLeast: logits.map((logit) => 1 / (1 + Math.exp(-logit))),
      };
    });
  }
}
