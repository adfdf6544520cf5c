import { ShapeError, UnsupportedError } from "./errors.js";
import { expectTensor } from "./operands.js";
import { add } from "./ops/arithmetic.js";
import { ones } from "./ops/create.js";
import type { Parameter } from "./parameter.js";
import { Scope } from "./scope.js";
import { sameShape, showShape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** From the gradient of an output to the gradient of each input; null where none flows. */
export type Gradient = (dy: Tensor) => readonly (Tensor | null)[];

interface Step {
  readonly output: Tensor;
  readonly inputs: readonly Tensor[];
  readonly gradient: Gradient;
}

/** What was computed on the way to a loss, in order, as far as a wanted parameter reaches it. */
class Tape {
  static current: Tape | undefined;
  readonly steps: Step[] = [];
  readonly reached: Set<Tensor>;

  constructor(parameters: Iterable<Tensor>) {
    this.reached = new Set(parameters);
  }

  /** Runs `body` with `tape` recording, or nothing: an outer recording sees none of it. */
  static during<Result>(tape: Tape | undefined, body: () => Result): Result {
    const outer = Tape.current;
    const recorded = Scope.recorded;
    Tape.current = tape;
    try {
      return body();
    } finally {
      Tape.current = outer;
      Scope.recorded = recorded;
    }
  }

  /** Activations and gradients are given back as soon as the walk has passed them. */
  walkBack(loss: Tensor): Map<Tensor, Tensor> {
    const gradients = new Map<Tensor, Tensor>([[loss, ones(loss.backend, loss.shape)]]);
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      const dy = gradients.get(step.output);
      if (dy) {
        gradients.delete(step.output);
        this.#accumulate(step, dy, gradients);
        dy.dispose();
      }
      step.output.dispose();
    }
    return gradients;
  }

  #accumulate({ inputs, gradient }: Step, dy: Tensor, gradients: Map<Tensor, Tensor>): void {
    using temporaries = new Scope();
    for (const [index, flow] of gradient(dy).entries()) {
      const input = inputs[index]!;
      if (!flow || !this.reached.has(input)) continue;
      if (!sameShape(flow.shape, input.shape)) {
        throw new ShapeError(`gradient ${showShape(flow.shape)} does not fit its input ${showShape(input.shape)}`);
      }
      const sum = gradients.get(input);
      const total = sum ? add(sum, flow) : flow.viewAs(flow.shape); // a view: one flow may go to two inputs
      temporaries.keep(total);
      sum?.dispose();
      gradients.set(input, total);
    }
  }
}

/** Whether a wanted parameter reaches any of these. A frozen teacher's ops answer no and keep their fast kernels. */
export const needsGradient = (...inputs: readonly (Tensor | undefined)[]): boolean =>
  Tape.current !== undefined && inputs.some((input) => input !== undefined && Tape.current!.reached.has(input));

/**
 * How every op ends: remembers `gradient` if a wanted parameter reaches one of `inputs`, and returns `output`.
 * `gradient` gives one tensor (of the input's shape) or null for each input, and is itself never recorded.
 * Throws `UnsupportedError` for an input that another copy of this package made.
 */
export function differentiable(output: Tensor, inputs: readonly Tensor[], gradient: Gradient): Tensor {
  for (const input of inputs) expectTensor("differentiable", input);
  if (needsGradient(...inputs)) {
    Tape.current!.reached.add(output);
    Tape.current!.steps.push({ output, inputs, gradient });
    Scope.recorded++;
  }
  return output;
}

/** What `lossAndGradients` found; disposing of it disposes of the loss and of every gradient. */
export interface LossAndGradients extends Disposable {
  /** A scalar, []. */
  readonly loss: Tensor;
  /** A parameter the loss does not depend on is absent, not zero. */
  readonly gradients: ReadonlyMap<Parameter, Tensor>;
}

/**
 * Runs `forward` to a scalar and walks back to the gradient of each trainable parameter. Everything else made on the
 * way is given back as the walk passes it: `forward` disposes of nothing by hand, but may use `tidy`. Inside another
 * recording it is not recorded: there are no second derivatives. Throws `ShapeError` unless the loss has one element,
 * and `UnsupportedError` for a wanted parameter that is prepared for inference, or int8.
 */
export function lossAndGradients(parameters: Iterable<Parameter>, forward: () => Tensor): LossAndGradients {
  const wanted = [...new Set(parameters)].filter((parameter) => parameter.trainable);
  for (const parameter of wanted) {
    if (parameter.dtype !== "float32") {
      throw new UnsupportedError(
        `a ${showShape(parameter.shape)} parameter holds ${parameter.dtype}, which has no gradient: ` +
          "freeze() it, or load the model in float32 to train it",
      );
    }
    if (parameter.prepared) {
      throw new UnsupportedError(
        `a ${showShape(parameter.shape)} parameter is prepared for inference: restore() it before training`,
      );
    }
  }
  using scope = new Scope();
  const tape = new Tape(wanted);
  const output = Tape.during(tape, forward);
  if (output.shape.some((extent) => extent !== 1)) {
    throw new ShapeError(`a loss must be one number, got ${showShape(output.shape)}: take its sum or its mean`);
  }
  const loss = output.viewAs([]); // a view: the walk gives back what it passes, and `output` may be the caller's own
  const reached = Tape.during(undefined, () => tape.walkBack(output));
  const gradients = new Map<Parameter, Tensor>();
  for (const parameter of wanted) {
    const gradient = reached.get(parameter);
    if (gradient) gradients.set(parameter, gradient);
  }
  const kept = [loss, ...gradients.values()];
  for (const tensor of kept) scope.keep(tensor);
  return {
    loss,
    gradients,
    [Symbol.dispose]() {
      for (const tensor of kept) tensor.dispose();
    },
  };
}
