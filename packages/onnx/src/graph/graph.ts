import type { NameTable } from "@bertkit/layers";
import { type Parameter, UnsupportedError } from "@bertkit/tensor";
import { type ElementType, type StoredType, typeCodes } from "./element-types.js";
import type { Attributes, Initializer, Model, Node, Port } from "./model.js";

/** A value of a graph: the name of what a node computes, of an input or of an array. */
export type Value = string;

/**
 * A graph under construction: nodes are added in the order of computation. What is computed from the same inputs in the
 * same way is one node, however often it is asked for.
 */
export class Graph {
  readonly #nodes = new Map<string, Node>();
  readonly #initializers = new Map<string, Initializer>();
  readonly #inputs: Port[] = [];
  readonly #outputs: Port[] = [];
  /** What a value is called in the file, where that is not its own name. */
  readonly #renamed = new Map<Value, string>();
  readonly #parameterNames = new Map<Parameter, () => string>();
  #place = "";

  /**
   * Says what parameters are called, by their paths; one that has a name keeps it. A table is asked only for those that
   * the graph uses.
   */
  name(parameters: Iterable<readonly [path: string, parameter: Parameter]>, names: NameTable): void {
    for (const [path, parameter] of parameters) {
      if (!this.#parameterNames.has(parameter)) this.#parameterNames.set(parameter, () => names(path).name);
    }
  }

  /** Runs `build`; the names of the nodes that it adds begin with `part`. */
  within<Result>(part: string, build: () => Result): Result {
    const outside = this.#place;
    this.#place = `${outside}/${part}`;
    try {
      return build();
    } finally {
      this.#place = outside;
    }
  }

  input(name: string, type: ElementType, shape: Port["shape"]): Value {
    this.#inputs.push({ name, type, shape });
    return name;
  }

  /** Makes a node's value an output of the graph. */
  output(name: string, value: Value, shape: Port["shape"]): void {
    this.#renamed.set(value, name);
    this.#outputs.push({ name, type: "float32", shape });
  }

  /** What an operation of ONNX computes. Only for those with one output. */
  node(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const key = JSON.stringify([op, inputs, attributes]);
    const known = this.#nodes.get(key);
    if (known) return known.output;
    const name = `${this.#place}/${op}_${this.#nodes.size}`;
    const output = `${name}_output`;
    this.#nodes.set(key, { op, name, inputs, output, attributes });
    return output;
  }

  /** The same numbers as another type. */
  cast(x: Value, type: ElementType): Value {
    return this.node("Cast", [x], { to: typeCodes[type] });
  }

  /** A parameter, read when it is written. Throws `UnsupportedError` for one of a module that was not named. */
  parameter(parameter: Parameter): Value {
    const { shape, dtype } = parameter;
    const type: StoredType = dtype === "int8" ? "int8" : "float32";
    return this.array(this.nameOf(parameter), type, shape, () => parameter.read());
  }

  /** What a parameter is called in the file. Throws as `parameter` does, and as the table of its names. */
  nameOf(parameter: Parameter): string {
    const name = this.#parameterNames.get(parameter)?.();
    if (name === undefined) throw new UnsupportedError("this graph has no name for one of the model's parameters");
    return name;
  }

  /** An array that the file stores. One name is one array. */
  array(name: string, type: StoredType, shape: readonly number[], values: Initializer["values"]): Value {
    if (!this.#initializers.has(name)) this.#initializers.set(name, { name, type, shape, values });
    return name;
  }

  /** float32: a number is a scalar. */
  float(value: number): Value {
    return this.array(`float32 ${value}`, "float32", [], Float32Array.of(value));
  }

  /** int64: a number is a scalar, a list a vector. */
  integers(values: number | readonly number[]): Value {
    const [shape, list] = typeof values === "number" ? [[], [values]] : [[values.length], values];
    return this.array(`int64 ${JSON.stringify(values)}`, "int64", shape, BigInt64Array.from(list, BigInt));
  }

  /** All that was added and that an output needs. */
  finish(): Model {
    const needed = new Set<Value>(this.#renamed.keys());
    for (const { inputs, output } of [...this.#nodes.values()].reverse()) {
      if (needed.has(output)) for (const input of inputs) needed.add(input);
    }
    const renamed = (value: Value): string => this.#renamed.get(value) ?? value;
    const nodes = Array.from(this.#nodes.values())
      .filter(({ output }) => needed.has(output))
      .map((node) => ({ ...node, inputs: node.inputs.map(renamed), output: renamed(node.output) }));
    const initializers = Array.from(this.#initializers.values()).filter(({ name }) => needed.has(name));
    return { nodes, initializers, inputs: this.#inputs, outputs: this.#outputs };
  }
}
