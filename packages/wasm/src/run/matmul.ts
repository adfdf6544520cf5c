import type { MatmulOptions, Shape } from "@bertkit/tensor";
import { sizeOf } from "@bertkit/tensor";
import type { Machine } from "./machine.js";
import { packColumns, packedBytes, packRows, unpackRows } from "./panels.js";
import { edgeBytes, multiply } from "./product.js";

/** A stack of dense matrices; `packed` ones (always a single matrix) are unpacked first. */
export interface Matrices {
  readonly address: number;
  readonly shape: Shape;
  readonly packed: boolean;
}

/** out = a × b over the last two axes, either transposed first; leading axes broadcast. */
export function matmul(
  machine: Machine,
  a: Matrices,
  b: Matrices,
  out: { readonly address: number; readonly shape: Shape },
  { transposeA, transposeB }: MatmulOptions,
): void {
  const rows = out.shape.at(-2)!;
  const columns = out.shape.at(-1)!;
  const depth = a.shape.at(transposeA ? -2 : -1)!;
  const [right, left, edge, denseA, denseB] = machine.memory.scratch(
    packedBytes(machine, depth, columns),
    transposeA ? 4 * rows * depth : 0,
    edgeBytes(machine),
    a.packed ? 4 * sizeOf(a.shape) : 0,
    b.packed ? 4 * sizeOf(b.shape) : 0,
  );
  const addressA = a.packed ? unpack(machine, a, denseA) : a.address;
  const addressB = b.packed ? unpack(machine, b, denseB) : b.address;
  const leading = out.shape.slice(0, -2);
  const startsA = starts(a.shape.slice(0, -2), leading);
  const startsB = starts(b.shape.slice(0, -2), leading);
  for (let index = 0, packedNow = -1; index < startsA.length; index++) {
    const startA = addressA + 4 * startsA[index]! * rows * depth;
    const startB = addressB + 4 * startsB[index]! * depth * columns;
    if (startB !== packedNow) {
      if (transposeB) packRows(machine, dense(startB, columns, depth), right);
      else packColumns(machine, dense(startB, depth, columns), right);
      packedNow = startB;
    }
    if (transposeA) machine.functions.transposeBlock(startA, 4 * rows, left, 4 * depth, depth, rows);
    multiply(machine, {
      left: dense(transposeA ? left : startA, rows, depth),
      right,
      bias: 0,
      out: out.address + 4 * index * rows * columns,
      outStride: 4 * columns,
      columns,
      edge,
    });
  }
}

function unpack(machine: Machine, { address, shape }: Matrices, to: number): number {
  unpackRows(machine, address, dense(to, shape.at(-2)!, shape.at(-1)!));
  return to;
}

const dense = (address: number, rows: number, columns: number) => ({ address, stride: 4 * columns, rows, columns });

/** For each matrix of the result, in order, which of an operand's matrices it takes. */
function starts(leading: Shape, outLeading: Shape): number[] {
  let matrices = [0];
  let step = sizeOf(leading);
  for (const [axis, extent] of outLeading.entries()) {
    const own = leading[axis - outLeading.length + leading.length] ?? 1;
    step /= own;
    matrices = matrices.flatMap((start) =>
      Array.from({ length: extent }, (_, index) => start + (own === 1 ? 0 : index * step)),
    );
  }
  return matrices;
}
