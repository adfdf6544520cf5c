import { type EncoderOutput, Module } from "@bertkit/layers";
import type { RandomStream, Shape, Tensor, Values } from "@bertkit/tensor";
import type { Encoding } from "@bertkit/tokenizer";

/** A head owns its parameters, its loss and how its numbers become answers; it knows an encoder only by its output. */
export abstract class Head<Labels, Answer> extends Module {
  /** From an encoder's output to the head's numbers: logits, or vectors. A random stream turns dropout on. */
  abstract forward(encoded: EncoderOutput, random?: RandomStream): Tensor;
  /** One number to make smaller, from hidden states: it builds no logits for tokens that have no label. */
  abstract loss(encoded: EncoderOutput, labels: Labels, random?: RandomStream): Tensor;
  /** From numbers read back from `forward` to answers, one a sequence. `encodings` tell each token's source range. */
  abstract answer(values: Values, shape: Shape, encodings?: readonly Encoding[]): Answer[];
}
