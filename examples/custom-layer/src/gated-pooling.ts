import { type EncoderOutput, Linear, Module } from "@bertkit/layers";
import { addScalar, divide, multiply, segmentSum, sigmoid, type Tensor } from "@bertkit/tensor";

/** A mean over each sequence's tokens in which a learned gate says how much each token counts. */
export class GatedPooling extends Module {
  readonly gate: Linear;

  constructor(width: number) {
    super();
    this.gate = new Linear(width, 1);
  }

  /** hidden [tokens, width] → [sequences, width] */
  forward({ hidden, offsets }: EncoderOutput): Tensor {
    const gates = sigmoid(this.gate.forward(hidden)); // [tokens, 1]
    const total = addScalar(segmentSum(gates, offsets), 1e-6);
    return divide(segmentSum(multiply(hidden, gates), offsets), total);
  }
}
