import type { UnaryKind } from "@bertkit/tensor";
import { factorBytes, levelsInRow } from "../kernels/quantize.js";
import { isRare, unaryNumber } from "../kernels/unary.js";
import type { Machine } from "./machine.js";
import type { Block } from "./panels.js";
import { cut } from "./product.js";
import { unary } from "./unary.js";

/*
 * A packed int8 weight is its panels (kernels/panels.ts), then the sum of each output's levels, 32-bit integers, filled
 * up to whole panels with zeros.
 */

/** An int8 weight [outputs, inputs]: dense, or packed by `packLevels`. */
export interface Levels {
  readonly address: number;
  readonly outputs: number;
  readonly inputs: number;
  readonly packed: boolean;
}

export interface QuantizedLinear {
  readonly x: Block;
  readonly weight: Levels;
  /** Addresses of a float for each output; a bias at 0 is none. */
  readonly scale: number;
  readonly bias: number;
  readonly activation: UnaryKind | undefined;
  readonly out: number;
}

/** Rows of a chunk of quantising: about 2 µs. */
const rowsAtOnce = 8;

/** activation(x · (scale · weight)ᵀ + bias), each row of x in levels. */
export function quantizedLinear(machine: Machine, { x, weight, scale, bias, activation, out }: QuantizedLinear): void {
  const { memory, threads, quantized } = machine;
  const { outputs, inputs } = weight;
  const levelStride = levelsInRow(inputs) * (quantized.byteLevels ? 1 : 2);
  const cutting = cut({ threads, tile: quantized.tile }, x.rows, outputs, inputs);
  const edgeStride = 4 * cutting.rowsAtOnce * quantized.tile.columns;
  const [levels, factors, edge, scratch] = memory.scratch(
    x.rows * levelStride,
    x.rows * factorBytes,
    threads * edgeStride,
    weight.packed ? 0 : packedLevelBytes(machine, weight),
  );
  if (!weight.packed) packLevels(machine, weight, scratch);
  const right = weight.packed ? weight.address : scratch;
  machine.run("quantize", {
    parameters: { x: x.address, levels, levelStride, factors, rows: x.rows, width: inputs, rowsAtOnce },
    chunks: Math.ceil(x.rows / rowsAtOnce),
  });
  const { chunks, ...blocks } = cutting;
  const fused = activation && !isRare(activation) ? activation : undefined;
  machine.run("quantizedProduct", {
    parameters: {
      a: levels,
      aStride: levelStride,
      factors,
      b: right,
      weightSums: right + panelBytes(machine, weight),
      scale,
      bias,
      c: out,
      cStride: 4 * outputs,
      rows: x.rows,
      columns: outputs,
      groups: levelsInRow(inputs) / 4,
      activation: unaryNumber(fused),
      ...blocks,
    },
    chunks,
    scratch: { address: edge, stride: edgeStride },
  });
  if (activation && !fused) unary(machine, activation, out, out, x.rows * outputs);
}

type Extents = Pick<Levels, "outputs" | "inputs">;

const paddedOutputs = ({ quantized: { tile } }: Machine, { outputs }: Extents): number =>
  tile.columns * Math.ceil(outputs / tile.columns);

const panelBytes = (machine: Machine, extents: Extents): number =>
  paddedOutputs(machine, extents) * levelsInRow(extents.inputs);

/** Bytes of a packed weight. */
export const packedLevelBytes = (machine: Machine, extents: Extents): number =>
  panelBytes(machine, extents) + 4 * paddedOutputs(machine, extents);

/** Packs a dense weight. */
export function packLevels(machine: Machine, { address, outputs, inputs }: Omit<Levels, "packed">, to: number): void {
  const { memory, functions, quantized } = machine;
  const stride = levelsInRow(inputs);
  const levels = memory.levels(address, outputs * inputs);
  const sums = memory.integers(
    to + panelBytes(machine, { outputs, inputs }),
    paddedOutputs(machine, { outputs, inputs }),
  );
  sums.fill(0);
  for (let output = 0; output < outputs; output++) {
    let sum = 0;
    for (let i = output * inputs; i < (output + 1) * inputs; i++) sum += levels[i]!;
    sums[output] = sum;
  }
  // Groups of four levels move like floats, so that rows must end with whole groups.
  let from = address;
  if (stride !== inputs) {
    from = memory.allocate(outputs * stride);
    const padded = memory.levels(from, outputs * stride).fill(0);
    for (let output = 0; output < outputs; output++) {
      padded.set(memory.levels(address + output * inputs, inputs), output * stride);
    }
  }
  functions.packRows(from, stride, outputs, stride / 4, to, quantized.tile.columns);
  if (from !== address) memory.release(from);
}

/** Undoes `packLevels`. */
export function unpackLevels(machine: Machine, packed: number, { outputs, inputs }: Extents): Int8Array<ArrayBuffer> {
  const { memory, quantized } = machine;
  const width = quantized.tile.columns;
  const stride = levelsInRow(inputs);
  const panels = memory.levels(packed, panelBytes(machine, { outputs, inputs }));
  const dense = new Int8Array(outputs * inputs);
  for (let output = 0; output < outputs; output++) {
    const panel = Math.floor(output / width) * width * stride + 4 * (output % width);
    for (let i = 0; i < inputs; i++) dense[output * inputs + i] = panels[panel + (i >> 2) * 4 * width + (i & 3)]!;
  }
  return dense;
}
