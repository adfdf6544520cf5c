import type { KernelDefinition, KernelFunction } from "../backend.js";
import { ShapeError, UnsupportedError } from "../errors.js";
import { backendOf } from "../operands.js";
import type { Shape } from "../shape.js";
import { differentiable, needsGradient } from "../tape.js";
import { Tensor } from "../tensor.js";

/** An op as plain functions: what `defineKernel` takes. */
export interface CustomOp {
  /** For messages, and for the GPU's own tools. */
  readonly name: string;
  /**
   * Computes output element `this.thread.x` from the flat values of the inputs. Write a `function`, not an arrow: on the
   * GPU backend gpu.js reads its source. Numbers, `Math`, loops and `this.constants` only.
   */
  readonly compute: KernelFunction;
  readonly constants?: Readonly<Record<string, number>>;
  /** The output's shape from the inputs'; by default the first input's. */
  readonly shape?: (...inputs: readonly Shape[]) => Shape;
  /** For each input, in order, the kernel of its gradient: called with dy's values, then the inputs'. */
  readonly gradients?: readonly KernelFunction[];
}

/**
 * An op of your own from one plain function (and its gradient, others): runs on every backend.
 * @returns the op; it throws `UnsupportedError` where a gradient is needed and none was given
 */
export function defineKernel({
  name,
  compute,
  constants = {},
  shape,
  gradients,
}: CustomOp): (...inputs: Tensor[]) => Tensor {
  const forward: KernelDefinition = { name, compute, constants };
  const backward = gradients?.map((gradient, i) => ({ name: `${name} gradient ${i}`, compute: gradient, constants }));
  return (...inputs) => {
    const first = inputs[0];
    if (!first) throw new ShapeError(`${name}: a custom kernel needs at least one input`);
    if (needsGradient(...inputs) && backward?.length !== inputs.length) {
      throw new UnsupportedError(
        `${name}: ${inputs.length} inputs but ${backward?.length ?? 0} gradients: give defineKernel one an input`,
      );
    }
    const out = run(forward, inputs, shape ? shape(...inputs.map((input) => input.shape)) : first.shape);
    return differentiable(out, inputs, (dy) =>
      inputs.map((input, i) => (needed(input) ? run(backward![i]!, [dy, ...inputs], input.shape) : null)),
    );
  };
}

const needed = (input: Tensor): boolean => input.dtype === "float32";

function run(definition: KernelDefinition, inputs: readonly Tensor[], shape: Shape): Tensor {
  const [first, ...others] = inputs as readonly [Tensor, ...Tensor[]];
  const backend = backendOf(definition.name, first, ...others);
  const out = Tensor.empty(backend, shape);
  backend.custom(definition).run(inputs, out);
  return out;
}
