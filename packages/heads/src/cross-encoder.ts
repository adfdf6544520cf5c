import { type EncoderOutput, Linear } from "@bertkit/layers";
import {
  binaryCrossEntropy,
  dropout,
  type RandomStream,
  type Shape,
  ShapeError,
  Tensor,
  type Values,
} from "@bertkit/tensor";
import { Head } from "./head.js";
import { pooledOf } from "./pooled-of.js";
import { sigmoidOf } from "./probabilities.js";
import { splitRows } from "./split-rows.js";

export interface CrossEncoderOptions {
  readonly width: number;
  /** What a score goes through: "sigmoid" gives numbers from 0 to 1 (default), "identity" the logits. */
  readonly activation?: "sigmoid" | "identity";
  /** Of the pooled output, when a random stream is given. Default 0. */
  readonly dropout?: number;
}

/** How well a passage goes with a query, both in one sequence, as sentence-transformers' `CrossEncoder` (Nogueira & Cho 2019). */
export class CrossEncoder extends Head<Float32Array, number> {
  readonly linear: Linear;
  readonly activation: "sigmoid" | "identity";
  readonly #dropoutRate: number;

  constructor({ width, activation = "sigmoid", dropout: rate = 0 }: CrossEncoderOptions) {
    super();
    this.linear = new Linear(width, 1);
    this.activation = activation;
    this.#dropoutRate = rate;
  }

  /** A logit a pair, [sequences, 1]. Throws `UnsupportedError` without a pooler. */
  override forward(encoded: EncoderOutput, random?: RandomStream): Tensor {
    return this.linear.forward(dropout(pooledOf(encoded, "CrossEncoder"), this.#dropoutRate, random));
  }

  /**
   * Mean binary cross-entropy with the labels, [sequences] from 0 to 1 (BinaryCrossEntropyLoss). → [] Throws `ShapeError`.
   */
  override loss(encoded: EncoderOutput, labels: Float32Array, random?: RandomStream): Tensor {
    const logits = this.forward(encoded, random);
    if (labels.length !== logits.shape[0]) {
      throw new ShapeError(`${labels.length} labels for ${logits.shape[0]} pairs: give each one`);
    }
    return binaryCrossEntropy(logits, Tensor.from(logits.backend, labels, logits.shape));
  }

  /** A score a pair. */
  override answer(values: Values, shape: Shape): number[] {
    const logits = splitRows(values, shape).map((row) => row[0]!);
    return this.activation === "sigmoid" ? logits.map(sigmoidOf) : logits;
  }
}
