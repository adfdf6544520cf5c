import { type BinaryKind, type Shape, sameShape, sizeOf } from "@bertkit/tensor";
import type { Repeated } from "../kernels/binary.js";
import type { Machine } from "./machine.js";

interface Placed {
  readonly address: number;
  readonly shape: Shape;
}

/** How an operand lies along the rows of a result: how far it moves a row, and whether it has one number for each. */
interface Walk {
  readonly step: number;
  readonly repeated: boolean;
}

/**
 * out = a (kind) b where rows of `out` meet whole rows, or single numbers, of `a` and `b`. Returns false, having done
 * nothing, for other kinds of broadcasting.
 */
export function binary({ functions }: Machine, kind: BinaryKind, a: Placed, b: Placed, out: Placed): boolean {
  const { rows, width } = rowsOf(a.shape, b.shape, out.shape);
  const left = walk(a.shape, rows, width);
  const right = walk(b.shape, rows, width);
  if (!left || !right || (left.repeated && right.repeated)) return false;
  const repeated: Repeated = left.repeated ? ".left" : right.repeated ? ".right" : "";
  const compute = functions[`binary.${kind}${repeated}`];
  for (let row = 0; row < rows; row++) {
    compute(a.address + row * left.step, b.address + row * right.step, out.address + 4 * row * width, width);
  }
  return true;
}

/** Operands of the result's own shape, and single numbers, make one long row. */
function rowsOf(a: Shape, b: Shape, out: Shape): { rows: number; width: number } {
  const size = sizeOf(out);
  const simple = (shape: Shape) => sizeOf(shape) === 1 || sameShape(shape, out);
  const width = simple(a) && simple(b) ? size : out.at(-1)!;
  return { width, rows: width === 0 ? 0 : size / width };
}

function walk(shape: Shape, rows: number, width: number): Walk | undefined {
  const size = sizeOf(shape);
  if (size === rows * width) return { step: 4 * width, repeated: false };
  if (size === 1) return { step: 0, repeated: true };
  const own = shape.at(-1)!;
  if (size === own) return { step: 0, repeated: false };
  return size === rows && own === 1 ? { step: 4, repeated: true } : undefined;
}

/**
 * Sums the rows of `x` where `out` is its trailing part. Returns false, having done nothing, for other sums and for
 * rows too short to be worth it.
 */
export function sumRows({ functions, memory }: Machine, x: Placed, out: Placed): boolean {
  const width = sizeOf(out.shape);
  const leading = x.shape.length - out.shape.length;
  if (width < 8 || leading < 0 || !sameShape(x.shape.slice(leading), out.shape)) return false;
  const rows = sizeOf(x.shape) / width;
  memory.floats(out.address, width).fill(0);
  for (let row = 0; row < rows; row++) {
    functions["binary.add"](out.address, x.address + 4 * row * width, out.address, width);
  }
  return true;
}
