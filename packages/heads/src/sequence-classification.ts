import { ConfigError, type EncoderOutput, Linear } from "@bertkit/layers";
import {
  binaryCrossEntropy,
  crossEntropy,
  dropout,
  meanSquaredError,
  type RandomStream,
  type Shape,
  ShapeError,
  Tensor,
  type Values,
} from "@bertkit/tensor";
import { Head } from "./head.js";
import { pooledOf } from "./pooled-of.js";
import { sigmoidOf, softmaxOf } from "./probabilities.js";
import { splitRows } from "./split-rows.js";

/** Whether a text has one label, any number of labels, or a number for each; spelled as Hugging Face does. */
export type Problem = "single_label_classification" | "multi_label_classification" | "regression";

/** A label and its probability; of a regression the number itself. */
export interface LabelScore {
  readonly label: string;
  readonly score: number;
}

export interface SequenceClassificationOptions {
  readonly width: number;
  /** In the order of the logits. */
  readonly labels: readonly string[];
  /** Default "single_label_classification". */
  readonly problem?: Problem | undefined;
  /** Of the pooled output, when a random stream is given. Default 0. */
  readonly dropout?: number;
}

/** What a text, or a pair of texts, is: a layer over the pooled first token (Devlin et al. 2019, section 4.1). */
export class SequenceClassification extends Head<Int32Array | Float32Array, readonly LabelScore[]> {
  readonly linear: Linear;
  readonly labels: readonly string[];
  readonly problem: Problem;
  readonly #dropoutRate: number;

  /** Throws `ConfigError` for a head without labels. */
  constructor({ width, labels, problem, dropout: rate = 0 }: SequenceClassificationOptions) {
    super();
    if (labels.length === 0) throw new ConfigError("SequenceClassification", ["it needs one label at least, got none"]);
    this.linear = new Linear(width, labels.length);
    this.labels = labels;
    this.problem = problem ?? "single_label_classification";
    this.#dropoutRate = rate;
  }

  /** [sequences, labels]. Throws `UnsupportedError` without a pooler. */
  override forward(encoded: EncoderOutput, random?: RandomStream): Tensor {
    return this.linear.forward(dropout(pooledOf(encoded, "SequenceClassification"), this.#dropoutRate, random));
  }

  /**
   * One label: mean surprise, labels an Int32Array [sequences]. Several: mean binary cross-entropy, a Float32Array
   * [sequences, labels] of 0 and 1. Numbers: mean squared error, a Float32Array [sequences, labels]; as in Hugging Face
   * that is also what a head with a single label learns, unless it is multi-label. → [] Throws `ShapeError`.
   */
  override loss(encoded: EncoderOutput, labels: Int32Array | Float32Array, random?: RandomStream): Tensor {
    const logits = this.forward(encoded, random);
    if (this.problem === "multi_label_classification") return binaryCrossEntropy(logits, targetFor(logits, labels));
    if (this.problem === "regression" || this.labels.length === 1) {
      return meanSquaredError(logits, targetFor(logits, labels));
    }
    if (labels instanceof Int32Array) return crossEntropy(logits, labels);
    throw new ShapeError(`one of ${this.labels.length} labels a sequence is an Int32Array, got a Float32Array`);
  }

  /**
   * Every label with its score, the highest first: probabilities that sum to 1; each for itself where a sequence may have
   * several labels, or there is only one; of a regression the numbers as they are.
   */
  override answer(values: Values, shape: Shape): (readonly LabelScore[])[] {
    return splitRows(values, shape).map((row) => {
      const scores = this.#scoresOf(row);
      const all = this.labels.map((label, i): LabelScore => ({ label, score: scores[i]! }));
      return all.sort((a, b) => b.score - a.score);
    });
  }

  #scoresOf(logits: Values): ArrayLike<number> {
    if (this.problem === "regression") return logits;
    const areApart = this.problem === "multi_label_classification" || this.labels.length === 1;
    return areApart ? Float64Array.from(logits, sigmoidOf) : softmaxOf(logits);
  }
}

/** Numbers as a tensor of the logits' shape. */
function targetFor(logits: Tensor, labels: Int32Array | Float32Array): Tensor {
  const [sequences, count] = logits.shape as readonly [number, number];
  if (labels instanceof Float32Array && labels.length === sequences * count) {
    return Tensor.from(logits.backend, labels, logits.shape);
  }
  const found = `${labels.length} in ${labels instanceof Float32Array ? "a Float32Array" : "an Int32Array"}`;
  throw new ShapeError(`${sequences} sequences need ${count} numbers each in a Float32Array, got ${found}`);
}
