import type { Kernels, Values, View } from "../backend.js";
import { sizeOf } from "../shape.js";
import { broadcastStrides, walk } from "./strides.js";

/** Matrix products as loops over typed arrays, two rows and four columns at a time, every sum in double precision. */
export function plainMatmul(open: (view: View) => Values): Kernels["matmul"] {
  return (a, b, out, { transposeA, transposeB }) => {
    const [A, B, O] = [open(a), open(b), open(out)];
    const rows = out.shape.at(-2)!;
    const columns = out.shape.at(-1)!;
    const inner = a.shape.at(transposeA ? -2 : -1)!;
    const leading = out.shape.slice(0, -2);
    const blocksOfA = offsets(a.shape.slice(0, -2), leading, rows * inner);
    const blocksOfB = offsets(b.shape.slice(0, -2), leading, inner * columns);
    const left = new Float64Array((rows + 1) * inner); // an odd last row is paired with a row of zeros
    const right = new Float64Array(4 * inner);
    for (let block = 0; block < sizeOf(leading); block++) {
      const strideOfA = transposeA ? [1, rows] : [inner, 1];
      const strideOfB = transposeB ? [inner, 1] : [1, columns];
      gather(A, blocksOfA[block]!, strideOfA, left, [rows, inner, inner, 1]);
      for (let column = 0; column < columns; column += 4) {
        const count = Math.min(4, columns - column);
        gather(B, blocksOfB[block]! + column * strideOfB[0]!, strideOfB, right, [count, inner, 1, 4]);
        fourColumns(left, right, inner, O, { at: block * rows * columns + column, rows, columns, count });
      }
    }
  };
}

/** Where each block of the broadcast leading axes begins. */
function offsets(leading: readonly number[], outLeading: readonly number[], blockSize: number): number[] {
  const starts: number[] = [];
  walk(outLeading, broadcastStrides(leading, outLeading), (_, index) => starts.push(index * blockSize));
  return starts;
}

/** Copies a [count, inner] matrix from one pair of strides to another. */
function gather(
  from: Values,
  start: number,
  [outerFrom, innerFrom]: readonly number[],
  to: Float64Array,
  [count, inner, outerTo, innerTo]: readonly [number, number, number, number],
): void {
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < inner; k++) to[i * outerTo + k * innerTo] = from[start + i * outerFrom! + k * innerFrom!]!;
  }
}

interface Place {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly count: number;
}

/** left [rows, inner] × right [inner, 4] into `count` columns of `out`. */
function fourColumns(
  left: Float64Array,
  right: Float64Array,
  inner: number,
  out: Values,
  { at, rows, columns, count }: Place,
): void {
  const sums = new Float64Array(8);
  for (let row = 0; row < rows; row += 2) {
    const x = row * inner;
    const y = x + inner;
    let [x0, x1, x2, x3, y0, y1, y2, y3] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let k = 0; k < inner; k++) {
      const b0 = right[4 * k]!;
      const b1 = right[4 * k + 1]!;
      const b2 = right[4 * k + 2]!;
      const b3 = right[4 * k + 3]!;
      const p = left[x + k]!;
      const q = left[y + k]!;
      x0 += p * b0;
      x1 += p * b1;
      x2 += p * b2;
      x3 += p * b3;
      y0 += q * b0;
      y1 += q * b1;
      y2 += q * b2;
      y3 += q * b3;
    }
    sums[0] = x0;
    sums[1] = x1;
    sums[2] = x2;
    sums[3] = x3;
    sums[4] = y0;
    sums[5] = y1;
    sums[6] = y2;
    sums[7] = y3;
    for (let i = row; i < Math.min(rows, row + 2); i++) {
      for (let j = 0; j < count; j++) out[at + i * columns + j] = sums[4 * (i - row) + j]!;
    }
  }
}
