import type { Backend, Buffer, DType, Values, View } from "./backend.js";
import { DisposedError, ShapeError } from "./errors.js";
import { Scope } from "./scope.js";
import { type Shape, showShape, sizeOf } from "./shape.js";

/** A block of device memory, shared by the tensors that only reshape one another. */
export class Storage {
  #holders = 1;
  constructor(
    readonly backend: Backend,
    public buffer: Buffer,
  ) {}
  hold(): this {
    this.#holders++;
    return this;
  }
  drop(): void {
    if (--this.#holders === 0) this.backend.release(this.buffer);
  }
  get shared(): boolean {
    return this.#holders > 1;
  }
}

/** Marks tensors of every copy of this package, so that a second copy in one process is recognised and named. */
export const brand: unique symbol = Symbol.for("@bertkit/tensor") as never;

/** What a tensor made from `values` holds. */
export function dtypeOf(values: Values): DType {
  if (values instanceof Int32Array) return "int32";
  return values instanceof Int8Array ? "int8" : "float32";
}

/** A dense, row-major block of numbers on one backend. Dispose of it, or make it inside `tidy`. */
export class Tensor implements View, Disposable {
  readonly [brand] = true;
  protected storage: Storage | undefined;

  protected constructor(
    readonly shape: Shape,
    readonly dtype: DType,
    storage?: Storage,
  ) {
    this.storage = storage;
  }

  /** Uninitialised memory for a kernel to fill. Throws `ShapeError` unless the extents are whole numbers. */
  static empty(backend: Backend, shape: Shape, dtype: DType = "float32"): Tensor {
    return new Tensor(shape, dtype, new Storage(backend, backend.allocate(sizeOf(shape), dtype))).#inScope();
  }

  /** Copies `values` to the backend; int32 from an Int32Array, int8 from an Int8Array, else float32. Throws `ShapeError`. */
  static from(backend: Backend, values: Values, shape: Shape = [values.length]): Tensor {
    if (values.length !== sizeOf(shape)) {
      throw new ShapeError(`Tensor.from: ${values.length} values do not fill ${showShape(shape)}`);
    }
    const tensor = Tensor.empty(backend, shape, dtypeOf(values));
    backend.write(tensor.buffer, values);
    return tensor;
  }

  /** Where its memory is. Throws `DisposedError` where it holds none. */
  get backend(): Backend {
    return this.#live().backend;
  }

  /** Its memory, for kernels. Throws `DisposedError` where it holds none. */
  get buffer(): Buffer {
    return this.#live().buffer;
  }

  /**
   * The same numbers under another shape; nothing is copied, no gradient flows (`reshape` is the op).
   * Throws `ShapeError` for a shape of another size.
   */
  viewAs(shape: Shape): Tensor {
    if (sizeOf(shape) !== sizeOf(this.shape)) {
      throw new ShapeError(`cannot reshape ${showShape(this.shape)} to ${showShape(shape)}`);
    }
    return new Tensor(shape, this.dtype, this.#live().hold()).#inScope();
  }

  /** Waits for queued work, then copies the numbers out, row-major: the only asynchronous step. */
  read(): Promise<Values> {
    const { backend, buffer } = this.#live();
    return backend.read(buffer);
  }

  /** Gives the memory back; a second call does nothing. */
  dispose(): void {
    this.storage?.drop();
    this.storage = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #inScope(): this {
    Scope.current?.own(this);
    return this;
  }

  #live(): Storage {
    if (!this.storage) {
      throw new DisposedError(
        `this ${showShape(this.shape)} tensor holds no memory: it was disposed of, or is a parameter not yet loaded`,
      );
    }
    return this.storage;
  }
}
