import type { Backend, DType, Values, WeightUse } from "./backend.js";
import { DisposedError, ShapeError, UnsupportedError } from "./errors.js";
import type { RandomStream } from "./random.js";
import { type Shape, showShape, sizeOf } from "./shape.js";
import { dtypeOf, Storage, Tensor } from "./tensor.js";

/** Gives one number after the other for a parameter that starts from nothing. */
export type Initializer = (random: RandomStream) => number;

/** Every element the same. */
export const constant =
  (value: number): Initializer =>
  () =>
    value;

/** Normally distributed around 0. */
export const normal =
  (deviation: number): Initializer =>
  (random) =>
    deviation * random.normal();

/** Normally distributed around 0, redrawn beyond two deviations, as TensorFlow's initialiser and Google's BERT do. */
export const truncatedNormal =
  (deviation: number): Initializer =>
  (random) => {
    let value = random.normal();
    while (Math.abs(value) > 2) value = random.normal();
    return deviation * value;
  };

export interface ParameterOptions {
  /** What `prepare` makes it ready for; a parameter without one stays as it is. */
  readonly use?: WeightUse;
  /** Default "float32". "int8" is for inference only: no gradient reaches it. */
  readonly dtype?: Exclude<DType, "int32">;
}

/** A trainable tensor. It takes no memory until it is placed, and no scope disposes of it. */
export class Parameter extends Tensor {
  /** Whether `lossAndGradients` gives it a gradient. */
  trainable = true;
  /** What `prepare` makes it ready for. */
  readonly use: WeightUse | undefined;
  #prepared = false;

  constructor(
    shape: Shape,
    readonly initializer: Initializer,
    { use, dtype = "float32" }: ParameterOptions = {},
  ) {
    super(shape, dtype);
    this.use = use;
  }

  /** Whether it holds memory. */
  get placed(): boolean {
    return this.storage !== undefined;
  }

  /** Whether `prepare` has changed its form. */
  get prepared(): boolean {
    return this.#prepared;
  }

  /** Takes memory on `backend`, uninitialised, for `write` to fill. What it held before is given back. */
  allocate(backend: Backend): void {
    this.dispose();
    this.storage = new Storage(backend, backend.allocate(sizeOf(this.shape), this.dtype));
  }

  /**
   * Copies `values` in from element `at` on: a large array can come in pieces. Undoes `prepare`. Throws `ShapeError`
   * past the end or for values of another dtype, and `DisposedError` where no memory was taken yet.
   */
  write(values: Values, at = 0): void {
    if (!(at >= 0) || at + values.length > sizeOf(this.shape)) {
      throw new ShapeError(`${values.length} values from ${at} on do not fit a ${showShape(this.shape)} parameter`);
    }
    if (dtypeOf(values) !== this.dtype) {
      throw new ShapeError(`a ${showShape(this.shape)} parameter holds ${this.dtype}, got ${dtypeOf(values)} values`);
    }
    if (this.#prepared) this.restore();
    this.backend.write(this.buffer, values, at);
  }

  /** Takes memory on `backend` and fills it. Throws `ShapeError` unless `values` fill the shape. */
  place(backend: Backend, values: Values): void {
    if (values.length !== sizeOf(this.shape)) {
      throw new ShapeError(`${values.length} values do not fill a ${showShape(this.shape)} parameter`);
    }
    if (this.storage?.backend !== backend) this.allocate(backend);
    this.write(values);
  }

  /**
   * Puts a weight whose use is known into the form the kernels like, for inference; training needs `restore` first.
   * Throws `DisposedError` before it is placed, and `UnsupportedError` while a reshaped view of it lives.
   */
  prepare(): void {
    if (this.use === undefined || this.#prepared) return;
    const storage = this.#own();
    storage.buffer = storage.backend.prepare(this, this.use);
    this.#prepared = true;
  }

  /** Undoes `prepare`. Throws as `prepare` does. */
  restore(): void {
    if (!this.#prepared) return;
    const storage = this.#own();
    storage.buffer = storage.backend.restore(storage.buffer);
    this.#prepared = false;
  }

  /** As for any tensor, but throws `UnsupportedError` while prepared: the numbers do not lie in order then. */
  override viewAs(shape: Shape): Tensor {
    if (this.#prepared) {
      throw new UnsupportedError(
        `a prepared ${showShape(this.shape)} parameter cannot be reshaped: restore() it first`,
      );
    }
    return super.viewAs(shape);
  }

  override dispose(): void {
    super.dispose();
    this.#prepared = false;
  }

  #own(): Storage {
    if (!this.storage) throw new DisposedError(`this ${showShape(this.shape)} parameter is not loaded yet`);
    if (this.storage.shared) {
      throw new UnsupportedError(
        "a parameter cannot change form while a reshaped view of it lives: dispose of the view",
      );
    }
    return this.storage;
  }
}
