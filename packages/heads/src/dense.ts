import { Linear, Module } from "@bertkit/layers";
import type { Activation, Tensor } from "@bertkit/tensor";

export interface DenseOptions {
  readonly inputs: number;
  readonly outputs: number;
  readonly bias: boolean;
  readonly activation: Activation;
}

/** A layer on top of a sentence vector: activation(x · weightᵀ + bias). [sequences, inputs] → [sequences, outputs] */
export class Dense extends Module {
  readonly linear: Linear;
  readonly #activation: Activation;

  constructor({ inputs, outputs, bias, activation }: DenseOptions) {
    super();
    this.linear = new Linear(inputs, outputs, { bias });
    this.#activation = activation;
  }

  forward(x: Tensor): Tensor {
    return this.linear.forward(x, this.#activation);
  }
}
