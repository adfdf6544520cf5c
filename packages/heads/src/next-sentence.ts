import { type EncoderOutput, Linear } from "@bertkit/layers";
import { crossEntropy, type Shape, type Tensor, type Values } from "@bertkit/tensor";
import { Head } from "./head.js";
import { pooledOf } from "./pooled-of.js";
import { softmaxOf } from "./probabilities.js";
import { splitRows } from "./split-rows.js";

/** Whether the second text of a pair follows the first (Devlin et al. 2019, section 3.1, task 2). */
export class NextSentence extends Head<Int32Array, number> {
  readonly linear: Linear;

  constructor({ width }: { readonly width: number }) {
    super();
    this.linear = new Linear(width, 2);
  }

  /** Two logits a pair: it follows, it is a random text. [sequences, 2]. Throws `UnsupportedError` without a pooler. */
  override forward(encoded: EncoderOutput): Tensor {
    return this.linear.forward(pooledOf(encoded, "NextSentence"));
  }

  /** Mean surprise at the labels, [sequences], 0 where the second text follows and 1 where it is random. → [] */
  override loss(encoded: EncoderOutput, labels: Int32Array): Tensor {
    return crossEntropy(this.forward(encoded), labels);
  }

  /** How probable it is that the second text of each pair follows. */
  override answer(values: Values, shape: Shape): number[] {
    return splitRows(values, shape).map((row) => softmaxOf(row)[0]!);
  }
}
