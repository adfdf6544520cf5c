import { ShapeError } from "../errors.js";
import { asMatrix, floatBackendOf } from "../operands.js";
import { expectRank, expectShape, showShape, sizeOf } from "../shape.js";
import { needsGradient } from "../tape.js";
import { Tensor } from "../tensor.js";
import { type Activation, kernelOf } from "./activation.js";
import { add } from "./arithmetic.js";
import { matmul } from "./matmul.js";
import { reshape } from "./reshape.js";

/**
 * activation(x · weightᵀ + bias), with `weight` [outputs, inputs] as PyTorch stores it. [..., inputs] → [..., outputs]
 * Throws `ShapeError`.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor, activation?: Activation): Tensor {
  const backend = floatBackendOf("linear", x, weight, ...(bias ? [bias] : []));
  expectRank("linear: weight", weight, 2);
  const [outputs, inputs] = weight.shape as readonly [number, number];
  if (x.shape.at(-1) !== inputs) {
    throw new ShapeError(`linear: the last extent of x ${showShape(x.shape)} must be ${inputs}, as the weight has`);
  }
  if (bias) expectShape("linear: bias", bias, [outputs]);
  const leading = x.shape.slice(0, -1);
  const rows = sizeOf(leading);
  const fused = backend.fused.linear;
  if (fused && !needsGradient(x, weight, bias)) {
    const out = Tensor.empty(backend, [...leading, outputs]);
    const kernel = activation && kernelOf(activation);
    fused.forward(asMatrix(x, rows, inputs), weight, bias, kernel, asMatrix(out, rows, outputs));
    return activation && !kernel ? activation(out) : out;
  }
  const product = matmul(reshape(x, [rows, inputs]), weight, { transposeB: true });
  const y = reshape(bias ? add(product, bias) : product, [...leading, outputs]);
  return activation ? activation(y) : y;
}
