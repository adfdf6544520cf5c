import { ShapeError, UnsupportedError } from "../errors.js";
import { asMatrix, backendOf, expectFloats, expectIds } from "../operands.js";
import { expectRank, expectShape, showShape, sizeOf } from "../shape.js";
import { needsGradient } from "../tape.js";
import { Tensor } from "../tensor.js";
import { type Activation, kernelOf } from "./activation.js";

/** Past it the sums of a row could leave 32 bits. */
const mostInputs = 2 ** 17;

/**
 * activation(x · (scale · weight)ᵀ + bias) with int8 weights [outputs, inputs], as `quantizeRows` makes them, and each
 * row of x in 256 levels. [..., inputs] → [..., outputs]. For inference: throws `UnsupportedError` where a gradient is
 * needed, `ShapeError` for operands that do not fit.
 */
export function quantizedLinear(
  x: Tensor,
  weight: Tensor,
  scale: Tensor,
  bias?: Tensor,
  activation?: Activation,
): Tensor {
  const floats = bias ? [x, scale, bias] : [x, scale];
  const backend = backendOf("quantizedLinear", weight, ...floats);
  for (const tensor of floats) expectFloats("quantizedLinear", tensor);
  expectInference("quantizedLinear", ...floats);
  const [outputs, inputs] = expectLevels("quantizedLinear: weight", weight);
  if (inputs > mostInputs)
    throw new ShapeError(`quantizedLinear: ${inputs} inputs, at most ${mostInputs} are possible`);
  if (x.shape.at(-1) !== inputs) {
    const found = `the last extent of x ${showShape(x.shape)}`;
    throw new ShapeError(`quantizedLinear: ${found} must be ${inputs}, as the weight has`);
  }
  expectShape("quantizedLinear: scale", scale, [outputs]);
  if (bias) expectShape("quantizedLinear: bias", bias, [outputs]);
  const leading = x.shape.slice(0, -1);
  const rows = sizeOf(leading);
  const out = Tensor.empty(backend, [...leading, outputs]);
  const kernel = activation && kernelOf(activation);
  const [from, to] = [asMatrix(x, rows, inputs), asMatrix(out, rows, outputs)];
  backend.kernels.quantizedLinear(from, weight, scale, bias, kernel, to);
  return activation && !kernel ? activation(out) : out;
}

/**
 * The rows of an int8 `table` [rows, width] that int32 `ids` name, each times its `scale` [rows], as `quantizeRows` makes
 * them. [...] → [..., width]. For inference: throws `UnsupportedError` where a gradient is needed, `ShapeError` for
 * operands that do not fit; ids are not range-checked, as in `gatherRows`.
 */
export function gatherQuantizedRows(table: Tensor, scale: Tensor, ids: Tensor): Tensor {
  const backend = backendOf("gatherQuantizedRows", table, scale, ids);
  expectFloats("gatherQuantizedRows", scale);
  expectInference("gatherQuantizedRows", scale);
  const [rows, width] = expectLevels("gatherQuantizedRows: table", table);
  expectShape("gatherQuantizedRows: scale", scale, [rows]);
  expectIds("gatherQuantizedRows", ids);
  const out = Tensor.empty(backend, [...ids.shape, width]);
  backend.kernels.gatherQuantizedRows(table, scale, ids, out);
  return out;
}

function expectLevels(what: string, x: Tensor): readonly [rows: number, width: number] {
  if (x.dtype !== "int8") throw new ShapeError(`${what} must be int8 (an Int8Array), got ${x.dtype}`);
  expectRank(what, x, 2);
  return x.shape as readonly [number, number];
}

function expectInference(op: string, ...inputs: readonly Tensor[]): void {
  if (!needsGradient(...inputs)) return;
  throw new UnsupportedError(`${op} has no gradient: int8 models are for inference, load it in float32 to train it`);
}
