import type { Backend, Values } from "../backend.js";
import { multiply } from "../ops/arithmetic.js";
import { sum } from "../ops/sum.js";
import { Parameter } from "../parameter.js";
import { RandomStream } from "../random.js";
import { sizeOf } from "../shape.js";
import { lossAndGradients } from "../tape.js";
import { Tensor } from "../tensor.js";
import { tidy } from "../tidy.js";
import { expectClose } from "./closeness.js";

/** One number in which every element of `output` has its own weight, so that every part of a gradient matters. */
export function weightedSum(output: Tensor, seed = 11): Tensor {
  const random = new RandomStream(seed);
  const weights = Float32Array.from({ length: sizeOf(output.shape) }, () => random.normal());
  return sum(multiply(output, Tensor.from(output.backend, weights, output.shape)));
}

/**
 * Throws unless the gradient of each parameter equals central finite differences, with the tolerance
 * `numericGradient`; meant for a reference backend in double precision. All parameters must be placed.
 * @param probes how many elements of each parameter are tried
 */
export async function checkGradients(
  parameters: ReadonlyMap<string, Parameter>,
  loss: () => Tensor,
  probes = 8,
): Promise<void> {
  const gradients = new Map<string, Values>();
  {
    using result = lossAndGradients(parameters.values(), loss);
    for (const [name, parameter] of parameters) {
      const gradient = result.gradients.get(parameter);
      if (!gradient) throw new Error(`${name} got no gradient`);
      gradients.set(name, await gradient.read());
    }
  }
  for (const [name, parameter] of parameters) {
    const values = await parameter.read();
    const tried = probedIndices(values.length, probes);
    const slopes: number[] = [];
    for (const index of tried) slopes.push(await slopeAt(parameter, values, index, loss));
    parameter.place(parameter.backend, values);
    const found = tried.map((index) => gradients.get(name)![index]!);
    expectClose(found, slopes, "numericGradient", `gradient of ${name} at [${tried.join(", ")}]`);
  }
}

async function slopeAt(parameter: Parameter, values: Values, index: number, loss: () => Tensor): Promise<number> {
  const step = 1e-5 * Math.max(1, Math.abs(values[index]!));
  const losses: number[] = [];
  for (const sign of [1, -1]) {
    const moved = values.slice();
    moved[index]! += sign * step;
    parameter.place(parameter.backend, moved);
    using value = tidy(loss);
    losses.push((await value.read())[0]!);
  }
  return (losses[0]! - losses[1]!) / (2 * step);
}

/** First, last and evenly between. */
function probedIndices(size: number, probes: number): number[] {
  if (size <= probes) return Array.from({ length: size }, (_, i) => i);
  return Array.from({ length: probes }, (_, i) => Math.round((i * (size - 1)) / (probes - 1)));
}

/** A parameter with these values, placed. */
export function placed(backend: Backend, values: Values, shape: readonly number[]): Parameter {
  const parameter = new Parameter(shape, () => 0);
  parameter.place(backend, values);
  return parameter;
}
