import type { UnaryKind } from "@bertkit/tensor";
import { isRare } from "../kernels/unary.js";
import type { Machine } from "./machine.js";
import type { Matrices } from "./matmul.js";
import { type Block, packedBytes, packRows } from "./panels.js";
import { edgeBytes, multiply } from "./product.js";
import { unary } from "./unary.js";

export interface Linear {
  readonly x: Block;
  /** [outputs, inputs]: dense, or packed by `packRows`. */
  readonly weight: Matrices;
  /** An address, or 0 for none. */
  readonly bias: number;
  readonly activation: UnaryKind | undefined;
  readonly out: number;
}

/** activation(x · weightᵀ + bias). */
export function linear(machine: Machine, { x, weight, bias, activation, out }: Linear): void {
  const outputs = weight.shape[0]!;
  const [edge, scratch] = machine.memory.scratch(
    edgeBytes(machine),
    weight.packed ? 0 : packedBytes(machine, x.columns, outputs),
  );
  if (!weight.packed) {
    packRows(machine, { ...x, address: weight.address, rows: outputs }, scratch);
  }
  const right = weight.packed ? weight.address : scratch;
  const fused = activation && !isRare(activation) ? activation : undefined;
  multiply(machine, { left: x, right, bias, activation: fused, out, outStride: 4 * outputs, columns: outputs, edge });
  if (activation && !fused) unary(machine, activation, out, out, x.rows * outputs);
}
