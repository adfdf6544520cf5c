import type { UnaryKind } from "../backend.js";
import type { Tensor } from "../tensor.js";
import { add, addScalar, multiply, scale, subtract } from "./arithmetic.js";
import { exp, gelu, geluTanh, log, negate, relu, sigmoid, tanh } from "./unary.js";

/** An element-wise function between layers: any op of one tensor will do. */
export type Activation = (x: Tensor) => Tensor;

/** x. */
export const identity: Activation = (x) => x;

/** x · sigmoid(x), also called swish (Ramachandran et al. 2017). */
export const silu: Activation = (x) => multiply(x, sigmoid(x));

/** x · sigmoid(1.702 x), GELU's sigmoid approximation (Hendrycks & Gimpel 2016, section 2). */
export const quickGelu: Activation = (x) => multiply(x, sigmoid(scale(x, 1.702)));

/** log(1 + eˣ), written so that neither side overflows. */
export const softplus: Activation = (x) => {
  const magnitude = add(relu(x), relu(negate(x)));
  return add(relu(x), log(addScalar(exp(negate(magnitude)), 1)));
};

/** x · tanh(softplus(x)) (Misra 2019). */
export const mish: Activation = (x) => multiply(x, tanh(softplus(x)));

/** relu(x)² (So et al. 2021). */
export const reluSquared: Activation = (x) => {
  const y = relu(x);
  return multiply(y, y);
};

/** min(relu(x), 6). */
export const relu6: Activation = (x) => subtract(relu(x), relu(addScalar(x, -6)));

/** x where positive, else x / 100. */
export const leakyRelu: Activation = (x) => subtract(relu(x), scale(relu(negate(x)), 0.01));

/** The kernel that computes an activation in one step, if one does: what a fused linear can apply on its way out. */
export const kernelOf = (activation: Activation): UnaryKind | undefined => kernels.get(activation);

const kernels = new Map<Activation, UnaryKind>([
  [gelu, "gelu"],
  [geluTanh, "geluTanh"],
  [relu, "relu"],
  [sigmoid, "sigmoid"],
  [tanh, "tanh"],
]);
