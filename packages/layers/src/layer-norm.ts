import { constant, layerNorm, Parameter, type Tensor } from "@bertkit/tensor";
import { Module } from "./module.js";

/** Normalises the last axis to mean 0 and variance 1, then scales and shifts it (Ba et al. 2016). [..., width] → same */
export class LayerNorm extends Module {
  /** [width] */
  readonly weight: Parameter;
  /** [width] */
  readonly bias: Parameter;

  constructor(
    width: number,
    readonly epsilon = 1e-12,
  ) {
    super();
    this.weight = new Parameter([width], constant(1));
    this.bias = new Parameter([width], constant(0));
  }

  /** x (+ residual, of the same shape) normalised. Throws `ShapeError`. */
  forward(x: Tensor, residual?: Tensor): Tensor {
    return layerNorm(x, this.weight, this.bias, { epsilon: this.epsilon, residual });
  }
}
