import type { Kernels, Values, View } from "../backend.js";
import { clamp, roundHalfEven } from "../quantize-rows.js";
import { unaryFunctions } from "./unary-functions.js";

// Taken once: in a sandbox such as jest's every mention of a global is a slow look-up, and these loops are long.
const { abs, fround, max, min } = Math;

/** The kernels on int8 weights as plain loops; the levels are those of every backend, the rest in double precision. */
export function plainQuantizedKernels(
  open: (view: View) => Values,
): Pick<Kernels, "quantizedLinear" | "gatherQuantizedRows"> {
  return {
    quantizedLinear(x, weight, scale, bias, activation, out) {
      const [X, W, S, B, O] = [open(x), open(weight), open(scale), bias && open(bias), open(out)];
      const [outputs, inputs] = weight.shape as readonly [number, number];
      const levels = new Int32Array(inputs);
      const weightSums = rowSums(W, outputs, inputs);
      const compute = activation && unaryFunctions[activation];
      for (let row = 0; row < x.shape[0]!; row++) {
        const { step, zero } = quantizeRow(X.subarray(row * inputs, (row + 1) * inputs), levels);
        for (let output = 0; output < outputs; output++) {
          const total = dot(levels, W, output * inputs) - zero * weightSums[output]!;
          const y = total * fround(step * S[output]!) + (B ? B[output]! : 0);
          O[row * outputs + output] = compute ? compute(y) : y;
        }
      }
    },
    gatherQuantizedRows(table, scale, ids, out) {
      const [T, S, I, O, width] = [open(table), open(scale), open(ids), open(out), table.shape[1]!];
      for (let row = 0; row < I.length; row++) {
        const id = I[row]!;
        for (let x = 0; x < width; x++) O[row * width + x] = T[id * width + x]! * S[id]!;
      }
    },
  };
}

/** Fills `levels`, in 0 … 255; `step` is what a level is worth and `zero` the level of 0. */
function quantizeRow(row: Values, levels: Int32Array): { step: number; zero: number } {
  let [low, high] = [0, 0];
  for (let i = 0; i < row.length; i++) {
    low = min(low, row[i]!);
    high = max(high, row[i]!);
  }
  const step = fround(fround(fround(high) - fround(low)) / 255);
  const inverse = fround(1 / step);
  if (abs(inverse) === Infinity) {
    levels.fill(0);
    return { step: 0, zero: 0 };
  }
  const zero = roundHalfEven(fround(-fround(low) * inverse));
  for (let i = 0; i < row.length; i++) {
    levels[i] = clamp(roundHalfEven(fround(fround(row[i]!) * inverse)) + zero, 0, 255);
  }
  return { step, zero };
}

/** Σ levels[i] · weight[from + i]; at most 2 ** 17 products of 255 · 63 fit 32 bits. */
function dot(levels: Int32Array, weight: Values, from: number): number {
  let sum = 0;
  for (let i = 0; i < levels.length; i++) sum = (sum + levels[i]! * weight[from + i]!) | 0;
  return sum;
}

function rowSums(weight: Values, rows: number, width: number): Int32Array {
  const sums = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let i = row * width; i < (row + 1) * width; i++) sums[row]! += weight[i]!;
  }
  return sums;
}
