import type { DType, Values } from "@bertkit/tensor";
import type { Machine } from "./machine.js";
import { packedBytes, packRows, unpackRows } from "./panels.js";
import { packedLevelBytes, packLevels, unpackLevels } from "./quantized-linear.js";

/** A weight [outputs, inputs] of floats, or of levels (int8). */
export interface Weight {
  readonly address: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly dtype: DType;
}

/** Bytes of its packed form. */
export const preparedBytes = (machine: Machine, { outputs, inputs, dtype }: Weight): number =>
  dtype === "int8" ? packedLevelBytes(machine, { outputs, inputs }) : packedBytes(machine, inputs, outputs);

/** From a dense weight to its packed form. */
export function prepareWeight(machine: Machine, weight: Weight, to: number): void {
  if (weight.dtype === "int8") packLevels(machine, weight, to);
  else packRows(machine, denseFloats(weight), to);
}

/** From the packed form to the dense numbers. */
export function restoreWeight(machine: Machine, packed: Weight): Values {
  if (packed.dtype === "int8") return unpackLevels(machine, packed.address, packed);
  const { memory } = machine;
  const size = packed.outputs * packed.inputs;
  const [address] = memory.scratch(4 * size);
  unpackRows(machine, packed.address, denseFloats({ ...packed, address }));
  return memory.floats(address, size).slice();
}

const denseFloats = ({ address, outputs, inputs }: Weight) => ({
  address,
  stride: 4 * inputs,
  rows: outputs,
  columns: inputs,
});
