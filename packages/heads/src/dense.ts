import { Linear, Module } from "@bertkit/layers";
import { type Activation, add, type Tensor } from "@bertkit/tensor";

export interface DenseOptions {
  readonly inputs: number;
  readonly outputs: number;
  readonly bias: boolean;
  readonly activation: Activation;
  /** Adds x to the result, through a map of its own where the widths differ. Default false. */
  readonly residual?: boolean;
}

/** A layer on top of a sentence vector: activation(x · weightᵀ + bias). [sequences, inputs] → [sequences, outputs] */
export class Dense extends Module {
  readonly linear: Linear;
  readonly residual: Linear | undefined;
  readonly #activation: Activation;
  readonly #addsInput: boolean;

  constructor({ inputs, outputs, bias, activation, residual = false }: DenseOptions) {
    super();
    this.linear = new Linear(inputs, outputs, { bias });
    this.residual = residual && inputs !== outputs ? new Linear(inputs, outputs, { bias: false }) : undefined;
    this.#activation = activation;
    this.#addsInput = residual;
  }

  get activation(): Activation {
    return this.#activation;
  }

  /** Whether x is added to the result. */
  get addsInput(): boolean {
    return this.#addsInput;
  }

  /** Throws `ShapeError`. */
  forward(x: Tensor): Tensor {
    const y = this.linear.forward(x, this.#activation);
    return this.#addsInput ? add(y, this.residual?.forward(x) ?? x) : y;
  }
}
