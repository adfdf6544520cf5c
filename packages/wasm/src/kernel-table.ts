import {
  type BinaryKind,
  type FusedKernels,
  type Kernels,
  keepThreshold,
  plainKernels,
  type Shape,
  sameShape,
  sizeOf,
  UnsupportedError,
  type Values,
  type View,
} from "@bertkit/tensor";
import type { Repeated } from "./kernels/binary.js";
import {
  attend,
  attentionMix,
  attentionMixTransposed,
  attentionScores,
  attentionSoftmax,
  attentionSoftmaxGradient,
  type HeadedBlock,
} from "./run/attention.js";
import { linear } from "./run/linear.js";
import type { Machine } from "./run/machine.js";
import { type Matrices, matmul } from "./run/matmul.js";
import type { Block } from "./run/panels.js";
import { WasmBuffer } from "./wasm-buffer.js";

/** A view's numbers, on the memory itself. Throws `UnsupportedError` for a prepared weight. */
export function openView({ memory }: Machine, { buffer, shape }: View): Values {
  const { address, dtype } = openDense(buffer);
  return dtype === "int32" ? memory.integers(address, sizeOf(shape)) : memory.floats(address, sizeOf(shape));
}

/** Every required kernel: the plain ones, the hot ones replaced. */
export function wasmKernels(machine: Machine): Kernels {
  const { functions } = machine;
  const plain = plainKernels((view) => openView(machine, view));
  return {
    ...plain,
    unary: (kind, x, out) => functions[`unary.${kind}`](addressOf(x), addressOf(out), sizeOf(out.shape)),
    binary(kind, a, b, out) {
      if (!binaryRows(machine, kind, a, b, out)) plain.binary(kind, a, b, out);
    },
    sumTo(x, out) {
      if (!sumRows(machine, x, out)) plain.sumTo(x, out);
    },
    matmul: (a, b, out, options) =>
      matmul(machine, matricesOf(a), matricesOf(b), { address: addressOf(out), shape: out.shape }, options),
    gatherRows(table, ids, out) {
      const [from, at, to] = [addressOf(table), addressOf(ids), addressOf(out)];
      functions.gatherRows(from, at, to, sizeOf(ids.shape), table.shape[1]!);
    },
    softmax(x, out) {
      const { rows, columns, stride } = blockOf(x);
      functions.softmax(addressOf(x), addressOf(out), stride, rows, columns, columns, 0, 1);
    },
    softmaxGradient(y, dy, out) {
      const { rows, columns } = blockOf(y);
      functions.softmaxGradient(addressOf(y), addressOf(dy), addressOf(out), rows, columns);
    },
    logSoftmax(x, out) {
      const { rows, columns } = blockOf(x);
      functions.logSoftmax(addressOf(x), addressOf(out), rows, columns);
    },
    attentionScores: (query, key, layout, scale, out) =>
      attentionScores(machine, headed(query), headed(key), layout, scale, addressOf(out)),
    attentionSoftmax: (scores, layout, out) => attentionSoftmax(machine, addressOf(scores), layout, addressOf(out)),
    attentionSoftmaxGradient: (y, dy, layout, out) =>
      attentionSoftmaxGradient(machine, addressOf(y), addressOf(dy), layout, addressOf(out)),
    attentionMix: (weights, value, layout, out) =>
      attentionMix(machine, addressOf(weights), headed(value), layout, headed(out)),
    attentionMixTransposed: (weights, x, layout, out) =>
      attentionMixTransposed(machine, addressOf(weights), headed(x), layout, headed(out)),
    dropout(x, rate, seed, out) {
      functions.dropout(addressOf(x), addressOf(out), sizeOf(out.shape), seed, keepThreshold(rate), 1 - rate);
    },
  };
}

/** The fused kernels: all there are. */
export function wasmFusedKernels(machine: Machine): FusedKernels {
  const { functions, memory } = machine;
  return {
    linear: {
      forward(x, weight, bias, activation, out) {
        const { address, packed } = WasmBuffer.open(weight.buffer);
        linear(machine, {
          x: blockOf(x),
          weight: { address, packed: packed !== undefined },
          outputs: weight.shape[0]!,
          bias: bias ? addressOf(bias) : 0,
          activation,
          out: addressOf(out),
        });
      },
    },
    attention: {
      forward: (query, key, value, layout, scale, out) =>
        attend(machine, { query: headed(query), key: headed(key), value: headed(value) }, layout, scale, headed(out)),
    },
    layerNorm: {
      forward(x, residual, weight, bias, epsilon, out) {
        const { address, rows, columns } = blockOf(x);
        const other = residual ? addressOf(residual) : 0;
        const [scales, shifts] = [addressOf(weight), addressOf(bias)];
        functions.layerNorm(address, other, scales, shifts, addressOf(out), rows, columns, epsilon);
      },
      backward(x, residual, weight, dy, epsilon, { dx, dWeight, dBias }) {
        const { address, rows, columns } = blockOf(x);
        for (const sum of [dWeight, dBias]) memory.floats(addressOf(sum), columns).fill(0);
        const other = residual ? addressOf(residual) : 0;
        const gradients = [addressOf(dx), addressOf(dWeight), addressOf(dBias)] as const;
        functions.layerNormGradient(
          address,
          other,
          addressOf(weight),
          addressOf(dy),
          ...gradients,
          rows,
          columns,
          epsilon,
        );
      },
    },
  };
}

/**
 * Where rows of `out` meet whole rows, or single numbers, of `a` and `b`: returns false for other kinds of
 * broadcasting.
 */
function binaryRows({ functions }: Machine, kind: BinaryKind, a: View, b: View, out: View): boolean {
  if (sameShape(a.shape, b.shape)) {
    functions[`binary.${kind}`](addressOf(a), addressOf(b), addressOf(out), sizeOf(out.shape));
    return true;
  }
  const width = out.shape.at(-1) ?? 1;
  const rows = width === 0 ? 0 : sizeOf(out.shape) / width;
  const left = rowSteps(a.shape, rows, width);
  const right = rowSteps(b.shape, rows, width);
  if (!left || !right || (left.repeated && right.repeated)) return false;
  const repeated: Repeated = left.repeated ? ".left" : right.repeated ? ".right" : "";
  const compute = functions[`binary.${kind}${repeated}`];
  const [fromA, fromB, to] = [addressOf(a), addressOf(b), addressOf(out)];
  for (let row = 0; row < rows; row++) {
    compute(fromA + row * left.step, fromB + row * right.step, to + 4 * row * width, width);
  }
  return true;
}

/** How far an operand moves from row to row, in bytes, and whether it has one number a row. */
function rowSteps(shape: Shape, rows: number, width: number): { step: number; repeated: boolean } | undefined {
  const own = shape.at(-1) ?? 1;
  const ownRows = own === 0 ? 0 : sizeOf(shape) / own;
  if (ownRows !== 1 && ownRows !== rows) return undefined;
  return { step: ownRows === 1 ? 0 : 4 * own, repeated: own === 1 && width !== 1 };
}

/** Sums rows into one where `out` is the trailing part of `x`: returns false for other sums. */
function sumRows({ functions, memory }: Machine, x: View, out: View): boolean {
  const width = sizeOf(out.shape);
  const leading = x.shape.length - out.shape.length;
  if (width < 8 || leading < 0 || !sameShape(x.shape.slice(leading), out.shape)) return false;
  const [from, to] = [addressOf(x), addressOf(out)];
  const rows = sizeOf(x.shape) / width;
  memory.floats(to, width).fill(0);
  for (let row = 0; row < rows; row++) functions["binary.add"](to, from + 4 * row * width, to, width);
  return true;
}

function openDense(buffer: View["buffer"]): WasmBuffer {
  const opened = WasmBuffer.open(buffer);
  if (opened.packed) {
    throw new UnsupportedError("wasm backend: a prepared weight is for linear and matmul only: restore() it first");
  }
  return opened;
}

const addressOf = (view: View): number => openDense(view.buffer).address;

/** All axes but the last as rows. */
function blockOf(view: View): Block {
  const columns = view.shape.at(-1) ?? 1;
  const rows = columns === 0 ? 0 : sizeOf(view.shape) / columns;
  return { address: addressOf(view), stride: 4 * columns, rows, columns };
}

const headed = (view: View): HeadedBlock => ({ address: addressOf(view), width: view.shape[2]! });

function matricesOf({ buffer, shape }: View): Matrices {
  const { address, packed } = WasmBuffer.open(buffer);
  return { address, shape, packed: packed !== undefined };
}
