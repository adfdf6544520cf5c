import { ShapeError } from "../errors.js";
import { floatBackendOf } from "../operands.js";
import { expectShape, sameShape, showShape } from "../shape.js";
import { differentiable, needsGradient } from "../tape.js";
import { Tensor } from "../tensor.js";
import { add, addScalar, multiply, subtract } from "./arithmetic.js";
import { meanOfLast } from "./sum.js";
import { reciprocal, sqrt } from "./unary.js";

/** What layer normalisation depends on beside its weights. */
export interface LayerNormOptions {
  /** Added to the variance. */
  readonly epsilon: number;
  /** Added to x first, as every sub-layer of a Transformer does; the shape of x. */
  readonly residual?: Tensor | undefined;
}

/**
 * Normalises x (+ residual) to mean 0 and variance 1 over the last axis, then scales and shifts it (Ba et al. 2016).
 * x [..., width], weight and bias [width] → [..., width]. Throws `ShapeError`.
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, options: LayerNormOptions): Tensor {
  const { epsilon, residual } = options;
  const inputs = residual ? [x, residual, weight, bias] : [x, weight, bias];
  const backend = floatBackendOf("layerNorm", ...(inputs as [Tensor]));
  const width = x.shape.at(-1);
  if (width === undefined) throw new ShapeError("layerNorm: x must have an axis, got a scalar");
  expectShape("layerNorm: weight", weight, [width]);
  expectShape("layerNorm: bias", bias, [width]);
  if (residual && !sameShape(x.shape, residual.shape)) {
    throw new ShapeError(
      `layerNorm: residual ${showShape(residual.shape)} must have the shape of x ${showShape(x.shape)}`,
    );
  }
  const fused = backend.fused.layerNorm;
  const { backward } = fused ?? {};
  if (!fused || (!backward && needsGradient(...inputs))) return layerNormComposed(x, weight, bias, options);
  const out = Tensor.empty(backend, x.shape);
  fused.forward(x, residual, weight, bias, epsilon, out);
  return differentiable(out, inputs, (dy) => {
    const [dx, dWeight, dBias] = [x, weight, bias].map((input) => Tensor.empty(backend, input.shape)) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    backward!(x, residual, weight, dy, epsilon, { dx, dWeight, dBias });
    return residual ? [dx, dx, dWeight, dBias] : [dx, dWeight, dBias];
  });
}

/** The definition from other ops: what runs where no fused kernel serves, and what every fused one is tested against. */
export function layerNormComposed(x: Tensor, weight: Tensor, bias: Tensor, options: LayerNormOptions): Tensor {
  const input = options.residual ? add(x, options.residual) : x;
  const centred = subtract(input, meanOfLast(input));
  const variance = meanOfLast(multiply(centred, centred));
  const inverse = reciprocal(sqrt(addScalar(variance, options.epsilon)));
  return add(multiply(multiply(centred, inverse), weight), bias);
}
