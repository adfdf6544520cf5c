import type { CheckpointSource } from "@bertkit/checkpoint";
import { type Backend, Parameter, type RandomStream, sizeOf, UnsupportedError } from "@bertkit/tensor";
import { loadParameters } from "./load-parameters.js";
import type { LoadTarget } from "./load-target.js";
import type { NameTable } from "./name-table.js";

export interface LoadOptions {
  /** How the file spells our parameters; by default as their paths. */
  readonly names?: NameTable;
  readonly signal?: AbortSignal | undefined;
  /** Called with each parameter once it is filled; one that is prepared then leaves its memory to the next. */
  readonly onFilled?: ((parameter: Parameter) => void) | undefined;
}

export interface LoadResult {
  /** Arrays of the checkpoint that no parameter asked for. */
  readonly unused: readonly string[];
}

/**
 * A part of a model. Its public fields (and arrays of them) are its own parameters and parts, and their paths are its
 * state, such as `blocks.0.attention.query.weight`; what it only borrows from elsewhere lives in # fields.
 */
export abstract class Module implements Disposable {
  /** Every parameter with its path, in the order of the fields. */
  *parameters(path = ""): Generator<readonly [path: string, parameter: Parameter]> {
    for (const [name, part] of this.parts()) {
      const partPath = path === "" ? name : `${path}.${name}`;
      if (part instanceof Module) yield* part.parameters(partPath);
      else yield [partPath, part];
    }
  }

  /** What `load` fills, with its path: each parameter, an int8 weight together with its scales. */
  *loadTargets(path = ""): Generator<LoadTarget> {
    for (const [name, part] of this.parts()) {
      const partPath = path === "" ? name : `${path}.${name}`;
      if (part instanceof Module) yield* part.loadTargets(partPath);
      else yield { path: partPath, parameter: part };
    }
  }

  /** Its own parameters and parts by field name; a part in an array by name and number. */
  *parts(): Generator<readonly [name: string, part: Module | Parameter]> {
    for (const [name, value] of Object.entries(this)) yield* partsIn(value, name);
  }

  /** Where its parameters live. Throws `UnsupportedError` for a module that has none. */
  get backend(): Backend {
    for (const [, parameter] of this.parameters()) return parameter.backend;
    throw new UnsupportedError("a module without parameters lives on no backend");
  }

  /** Gives every parameter fresh numbers, the same for the same seed. Throws `UnsupportedError` for int8 ones. */
  initialize(backend: Backend, random: RandomStream): void {
    for (const [path, { dtype }] of this.parameters()) {
      if (dtype === "float32") continue;
      throw new UnsupportedError(
        `${path} holds ${dtype}, which is made from trained numbers: initialize before quantize`,
      );
    }
    for (const [, parameter] of this.parameters()) {
      const values = Float32Array.from({ length: sizeOf(parameter.shape) }, () => parameter.initializer(random));
      parameter.place(backend, values);
    }
  }

  /**
   * Fills every parameter from a checkpoint. Strict: throws `CheckpointMismatchError` that lists every missing name and
   * every wrong shape at once; a failed load leaves nothing allocated.
   * @returns the names it did not use
   */
  load(source: CheckpointSource, backend: Backend, options: LoadOptions = {}): Promise<LoadResult> {
    return loadParameters(this.loadTargets(), source, backend, options);
  }

  /** Freezes every parameter: `lossAndGradients` gives it no gradient. */
  freeze(): this {
    for (const [, parameter] of this.parameters()) parameter.trainable = false;
    return this;
  }

  /** Puts weights into the form the backend's kernels like, for inference. Training needs `restore` first. */
  prepare(): this {
    for (const [, parameter] of this.parameters()) parameter.prepare();
    return this;
  }

  /** Undoes `prepare`. */
  restore(): this {
    for (const [, parameter] of this.parameters()) parameter.restore();
    return this;
  }

  /** Gives the memory of all parameters back. */
  [Symbol.dispose](): void {
    for (const [, part] of this.parts()) part[Symbol.dispose]();
  }
}

function* partsIn(value: unknown, name: string): Generator<readonly [name: string, part: Module | Parameter]> {
  if (value instanceof Module || value instanceof Parameter) yield [name, value];
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* partsIn(item, `${name}.${i}`);
}
