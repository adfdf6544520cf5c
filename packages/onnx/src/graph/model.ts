import type { ElementType, StoredType } from "./element-types.js";

/** The memory of arrays; doubles are rounded to float32 when they are written. */
export type StoredValues = Float32Array | Float64Array | Int8Array | Int32Array | BigInt64Array;

/** A number is a whole one; what must be a float says so. */
export type Attribute = number | readonly number[] | { readonly float: number };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One operation of ONNX. */
export interface Node {
  readonly op: string;
  readonly name: string;
  /** Names of values; "" in the place of an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
}

/** An array stored in the file: a weight, or a constant. */
export interface Initializer {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** Row-major; a function is called when the array's turn to be written comes. */
  readonly values: StoredValues | (() => Promise<StoredValues>);
}

/** An input or an output of a graph; an extent that any batch may choose has a name. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** A graph as a file holds it, in the order of its computation. */
export interface Model {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}
