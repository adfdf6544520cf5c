import type { Kernels, Values, View } from "../backend.js";
import { sizeOf } from "../shape.js";
import { broadcastStrides, walk } from "./strides.js";

/** Matrix products as loops over typed arrays, four columns at a time, every sum in double precision. */
export function plainMatmul(open: (view: View) => Values): Kernels["matmul"] {
  return (a, b, out, { transposeA, transposeB }) => {
    const [A, B, O] = [open(a), open(b), open(out)];
    const rows = out.shape.at(-2)!;
    const columns = out.shape.at(-1)!;
    const inner = a.shape.at(transposeA ? -2 : -1)!;
    const leading = out.shape.slice(0, -2);
    const blocksOfA = offsets(a.shape.slice(0, -2), leading, rows * inner);
    const blocksOfB = offsets(b.shape.slice(0, -2), leading, inner * columns);
    const row = new Float64Array(inner);
    for (let block = 0; block < sizeOf(leading); block++) {
      // Columns of b side by side in memory make the inner loop a walk along two rows.
      const packed = transposeB
        ? B.subarray(blocksOfB[block]!, blocksOfB[block]! + inner * columns)
        : transposed(B, blocksOfB[block]!, inner, columns);
      for (let i = 0; i < rows; i++) {
        const from = blocksOfA[block]! + (transposeA ? i : i * inner);
        const step = transposeA ? rows : 1;
        for (let k = 0; k < inner; k++) row[k] = A[from + k * step]!;
        productRow(row, packed, O, (block * rows + i) * columns, columns);
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

function transposed(values: Values, from: number, rows: number, columns: number): Values {
  const result = new (values.constructor as new (length: number) => Values)(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = values[from + i * columns + j]!;
  }
  return result;
}

function productRow(row: Float64Array, columnsOfB: Values, out: Values, at: number, columns: number): void {
  const inner = row.length;
  let j = 0;
  for (; j + 4 <= columns; j += 4) {
    const b = j * inner;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let k = 0; k < inner; k++) {
      const x = row[k]!;
      s0 += x * columnsOfB[b + k]!;
      s1 += x * columnsOfB[b + inner + k]!;
      s2 += x * columnsOfB[b + 2 * inner + k]!;
      s3 += x * columnsOfB[b + 3 * inner + k]!;
    }
    out[at + j] = s0;
    out[at + j + 1] = s1;
    out[at + j + 2] = s2;
    out[at + j + 3] = s3;
  }
  for (; j < columns; j++) {
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += row[k]! * columnsOfB[j * inner + k]!;
    out[at + j] = sum;
  }
}
