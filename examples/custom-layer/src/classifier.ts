import { type EncoderOutput, Linear, Module } from "@bertkit/layers";
import { crossEntropy, type Tensor } from "@bertkit/tensor";
import { GatedPooling } from "./gated-pooling.js";

/** The new layer and a linear map to labels: everything this example trains. */
export class Classifier extends Module {
  readonly pooling: GatedPooling;
  readonly output: Linear;

  constructor(width: number, labels: number) {
    super();
    this.pooling = new GatedPooling(width);
    this.output = new Linear(width, labels);
  }

  /** → logits [sequences, labels] */
  forward(encoded: EncoderOutput): Tensor {
    return this.output.forward(this.pooling.forward(encoded));
  }

  loss(encoded: EncoderOutput, labels: Int32Array): Tensor {
    return crossEntropy(this.forward(encoded), labels);
  }
}
