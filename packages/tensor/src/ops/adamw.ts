import type { AdamwStep } from "../backend.js";
import { UnsupportedError } from "../errors.js";
import { floatBackendOf } from "../operands.js";
import type { Parameter } from "../parameter.js";
import { expectShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** The running mean and variance of one parameter's gradient, both of its shape; zeros at the start. */
export interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * One step of AdamW (Loshchilov & Hutter 2019, algorithm 2), in place: changes the parameter and its moments.
 * Throws `ShapeError`, and `UnsupportedError` for a parameter that is prepared for inference.
 */
export function adamw(parameter: Parameter, gradient: Tensor, { mean, variance }: Moments, step: AdamwStep): void {
  const backend = floatBackendOf("adamw", parameter, gradient, mean, variance);
  if (parameter.prepared) throw new UnsupportedError("adamw: this parameter is prepared for inference: restore() it");
  expectShape("adamw: gradient", gradient, parameter.shape);
  expectShape("adamw: mean", mean, parameter.shape);
  expectShape("adamw: variance", variance, parameter.shape);
  backend.kernels.adamw(parameter, gradient, mean, variance, step);
}
