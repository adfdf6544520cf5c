import { gatherRows, type Initializer, normal, Parameter, ShapeError, Tensor } from "@bertkit/tensor";
import { Module } from "./module.js";

/** A learned row for each id. int32 [n] → [n, width] */
export class Embedding extends Module {
  /** [count, width] */
  readonly weight: Parameter;

  constructor(count: number, width: number, initializer: Initializer = normal(0.02)) {
    super();
    this.weight = new Parameter([count, width], initializer);
  }

  /** ids [n] → [n, width]. Throws `ShapeError` for an id that has no row. */
  forward(ids: Int32Array): Tensor {
    expectRows(ids, this.weight.shape[0]!);
    return gatherRows(this.weight, Tensor.from(this.weight.backend, ids));
  }
}

/** Throws `ShapeError` for an id that is not one of `count` rows. */
export function expectRows(ids: Int32Array, count: number): void {
  const stranger = ids.findIndex((id) => id < 0 || id >= count);
  if (stranger < 0) return;
  throw new ShapeError(`Embedding: id ${ids[stranger]} at ${stranger} is not one of ${count} rows (0 … ${count - 1})`);
}
