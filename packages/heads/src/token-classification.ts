import { ConfigError, type EncoderOutput, Linear } from "@bertkit/layers";
import { crossEntropy, dropout, gatherRows, type RandomStream, type Shape, Tensor, type Values } from "@bertkit/tensor";
import type { Encoding } from "@bertkit/tokenizer";
import { Head } from "./head.js";
import { labelledRows } from "./labelled-rows.js";
import { softmaxOf } from "./probabilities.js";
import { splitRows, splitSequences } from "./split-rows.js";

/** How probable each label is for a token, [labels]. */
export type TokenScores = Float32Array;

export interface TokenClassificationOptions {
  readonly width: number;
  /** In the order of the logits. */
  readonly labels: readonly string[];
  /** Of the hidden states, when a random stream is given. Default 0. */
  readonly dropout?: number;
}

/** What each token is: a layer over the hidden states (Devlin et al. 2019, section 5.3). */
export class TokenClassification extends Head<Int32Array, readonly TokenScores[]> {
  readonly linear: Linear;
  readonly labels: readonly string[];
  readonly #dropoutRate: number;

  /** Throws `ConfigError` for a head without labels. */
  constructor({ width, labels, dropout: rate = 0 }: TokenClassificationOptions) {
    super();
    if (labels.length === 0) throw new ConfigError("TokenClassification", ["it needs one label at least, got none"]);
    this.linear = new Linear(width, labels.length);
    this.labels = labels;
    this.#dropoutRate = rate;
  }

  /** [tokens, labels] */
  override forward({ hidden }: EncoderOutput, random?: RandomStream): Tensor {
    return this.linear.forward(dropout(hidden, this.#dropoutRate, random));
  }

  /** Mean surprise at the labels, [tokens], -100 where a token has none. → [] Throws `ShapeError`, also without any. */
  override loss({ hidden }: EncoderOutput, labels: Int32Array, random?: RandomStream): Tensor {
    const labelled = labelledRows(labels, hidden.shape[0]!);
    const rows = gatherRows(hidden, Tensor.from(hidden.backend, labelled.rows));
    return crossEntropy(this.linear.forward(dropout(rows, this.#dropoutRate, random)), labelled.labels);
  }

  /**
   * For each sequence its tokens' probabilities; without encodings all tokens are one sequence's. Throws `ShapeError` for
   * encodings of other tokens.
   */
  override answer(values: Values, shape: Shape, encodings?: readonly Encoding[]): (readonly TokenScores[])[] {
    const scores = splitRows(values, shape).map((row) => Float32Array.from(softmaxOf(row)));
    return splitSequences(scores, encodings);
  }
}
