import { type Activation, constant, type Initializer, linear, normal, Parameter, type Tensor } from "@bertkit/tensor";
import { Module } from "./module.js";

export interface LinearOptions {
  /** Default true. */
  readonly bias?: boolean;
  /** Of the weight; by default normal with deviation 0.02. The bias starts at 0. */
  readonly initializer?: Initializer;
}

/** x · weightᵀ + bias. [..., inputs] → [..., outputs] */
export class Linear extends Module {
  /** [outputs, inputs] */
  readonly weight: Parameter;
  /** [outputs] */
  readonly bias: Parameter | undefined;

  constructor(inputs: number, outputs: number, { bias = true, initializer = normal(0.02) }: LinearOptions = {}) {
    super();
    this.weight = new Parameter([outputs, inputs], initializer, { use: "linear" });
    this.bias = bias ? new Parameter([outputs], constant(0)) : undefined;
  }

  /** [..., inputs] → [..., outputs], through `activation` if there is one. Throws `ShapeError`. */
  forward(x: Tensor, activation?: Activation): Tensor {
    return linear(x, this.weight, this.bias, activation);
  }
}
