import { ConfigError, type EncoderOutput, Linear } from "@bertkit/layers";
import {
  crossEntropy,
  dropout,
  type RandomStream,
  reshape,
  type Shape,
  ShapeError,
  type Tensor,
  type Values,
} from "@bertkit/tensor";
import { Head } from "./head.js";
import { pooledOf } from "./pooled-of.js";
import { softmaxOf } from "./probabilities.js";
import { splitRows } from "./split-rows.js";

export interface MultipleChoiceOptions {
  readonly width: number;
  /** How many choices each question has. */
  readonly choices: number;
  /** Of the pooled output, when a random stream is given. Default 0. */
  readonly dropout?: number;
}

/**
 * Which of several texts goes with a question (Devlin et al. 2019, section 4.4). Question i is sequences choices · i on,
 * a sequence for each choice; the answer is one a question: how probable each choice is.
 */
export class MultipleChoice extends Head<Int32Array, Float32Array> {
  readonly linear: Linear;
  readonly choices: number;
  readonly #dropoutRate: number;

  /** Throws `ConfigError` for a number of choices that none can be. */
  constructor({ width, choices, dropout: rate = 0 }: MultipleChoiceOptions) {
    super();
    if (!(Number.isInteger(choices) && choices >= 1)) {
      throw new ConfigError("MultipleChoice", [`choices must be a whole number from 1 on, got ${choices}`]);
    }
    this.linear = new Linear(width, 1);
    this.choices = choices;
    this.#dropoutRate = rate;
  }

  /** [questions, choices]. Throws `ShapeError` for sequences that are no whole questions, `UnsupportedError` without a pooler. */
  override forward(encoded: EncoderOutput, random?: RandomStream): Tensor {
    const pooled = pooledOf(encoded, "MultipleChoice");
    const sequences = pooled.shape[0]!;
    const questions = sequences / this.choices;
    if (!Number.isInteger(questions)) {
      throw new ShapeError(`${sequences} sequences are no whole questions of ${this.choices} choices`);
    }
    return reshape(this.linear.forward(dropout(pooled, this.#dropoutRate, random)), [questions, this.choices]);
  }

  /** Mean surprise at the right choices, [questions], 0 … choices − 1. → [] Throws `ShapeError`. */
  override loss(encoded: EncoderOutput, labels: Int32Array, random?: RandomStream): Tensor {
    return crossEntropy(this.forward(encoded, random), labels);
  }

  override answer(values: Values, shape: Shape): Float32Array[] {
    return splitRows(values, shape).map((row) => Float32Array.from(softmaxOf(row)));
  }
}
