import { CheckpointError } from "../checkpoint-error.js";
import { type ElementType, numpyTypes } from "./element-types.js";
import { type Built, isShape, PickledBytes, textOf, type Value } from "./pickled-value.js";
import { Storage, Tensor, UnreadableTensor } from "./tensor.js";

/** A type of NumPy's elements: `numpy.dtype("f4")`, then a state that has the order of bytes. */
export class NumpyType implements Built {
  readonly what = "a type of elements";
  #order = "|";

  constructor(readonly code: string) {}

  setState(state: Value): void {
    if (Array.isArray(state)) this.#order = textOf(state[1]) ?? "?";
  }

  /** Undefined where the elements are of a type, or an order of bytes, that is not read. */
  get type(): ElementType | undefined {
    return this.#order === ">" || this.#order === "?" ? undefined : numpyTypes.get(this.code.replace(/^[<|=]/, ""));
  }

  toString(): string {
    return this.#order === ">" ? `>${this.code}` : this.code;
  }
}

/** An array of NumPy, made empty and then given a state: (version, shape, type, whether column-major, bytes). */
export class NumpyArray implements Built {
  readonly what = "an array";
  #state: Value;

  constructor(state: Value = null) {
    this.#state = state;
  }

  setState(state: Value): void {
    this.#state = state;
  }

  /**
   * The array as a view of its bytes.
   *
   * @param label what error messages call it
   */
  tensor(label: string): Tensor | UnreadableTensor {
    const [shape, dtype, isColumnMajor, content] = Array.isArray(this.#state) ? this.#state.slice(-4) : [];
    if (!isShape(shape) || !(dtype instanceof NumpyType)) {
      throw new CheckpointError("malformed", `${label} is an array of NumPy without a shape or a type`);
    }
    const { type } = dtype;
    if (type === undefined) return new UnreadableTensor(`an array of NumPy's type ${dtype}`, String(dtype), shape);
    if (!(content instanceof PickledBytes)) {
      throw new CheckpointError("malformed", `${label} is an array of NumPy without bytes`);
    }
    const { bytes, begin, size } = content;
    const storage = new Storage(type, size, async () => ({ bytes, begin }));
    return new Tensor(storage, type, 0, shape, stridesOf(shape, isColumnMajor === true || isColumnMajor === 1));
  }
}

function stridesOf(shape: readonly number[], isColumnMajor: boolean): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = 0; i < shape.length; i++) {
    const axis = isColumnMajor ? i : shape.length - 1 - i;
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}
