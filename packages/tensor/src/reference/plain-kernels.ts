import type { BinaryKind, Kernels, Values, View } from "../backend.js";
import { hash, keepThreshold } from "../random.js";
import { sameShape, sizeOf } from "../shape.js";
import { plainAttentionKernels } from "./attention-kernels.js";
import { plainMatmul } from "./matmul-kernel.js";
import { plainQuantizedKernels } from "./quantized-kernels.js";
import { broadcastStrides, walk } from "./strides.js";
import { unaryFunctions } from "./unary-functions.js";

// Taken once: in a sandbox such as jest's every mention of a global is a slow look-up, and these loops are long.
const { exp, log, max, sqrt } = Math;

/**
 * Every required kernel as plain loops over typed arrays: slow, obvious, and the answer that other backends are
 * compared with. A backend whose memory is addressable from JavaScript starts from these and replaces the hot ones.
 * @param open the numbers of a view, as a typed array on the backend's memory (never a copy)
 */
export function plainKernels(open: (view: View) => Values): Kernels {
  return {
    fill: (value, out) => void open(out).fill(value),
    copy(x, from, out, to, count) {
      open(out).set(open(x).subarray(from, from + count), to);
    },
    unary(kind, x, out) {
      const [X, O, compute] = [open(x), open(out), unaryFunctions[kind]];
      for (let i = 0; i < O.length; i++) O[i] = compute(X[i]!);
    },
    binary(kind, a, b, out) {
      const [A, B, O, compute] = [open(a), open(b), open(out), binaryFunctions[kind]];
      if (sameShape(a.shape, b.shape)) {
        for (let i = 0; i < O.length; i++) O[i] = compute(A[i]!, B[i]!);
        return;
      }
      const indexOfB = new Int32Array(O.length);
      walk(out.shape, broadcastStrides(b.shape, out.shape), (i, index) => {
        indexOfB[i] = index;
      });
      walk(out.shape, broadcastStrides(a.shape, out.shape), (i, index) => {
        O[i] = compute(A[index]!, B[indexOfB[i]!]!);
      });
    },
    sumTo(x, out) {
      const [X, O] = [open(x), open(out)];
      const sums = new Float64Array(O.length);
      walk(x.shape, broadcastStrides(out.shape, x.shape), (i, index) => {
        sums[index]! += X[i]!;
      });
      O.set(sums);
    },
    matmul: plainMatmul(open),
    permute(x, order, out) {
      const [X, O] = [open(x), open(out)];
      const strides = order.map((axis) => sizeOf(x.shape.slice(axis + 1)));
      walk(out.shape, strides, (i, index) => {
        O[i] = X[index]!;
      });
    },
    gatherRows(table, ids, out) {
      const [T, I, O, width] = [open(table), open(ids), open(out), table.shape[1]!];
      for (let row = 0; row < I.length; row++) O.set(T.subarray(I[row]! * width, (I[row]! + 1) * width), row * width);
    },
    scatterAddRows(rows, ids, out) {
      const [R, I, O, width] = [open(rows), open(ids), open(out), out.shape[1]!];
      for (let row = 0; row < I.length; row++) {
        for (let x = 0; x < width; x++) O[I[row]! * width + x]! += R[row * width + x]!;
      }
    },
    ...plainQuantizedKernels(open),
    softmax(x, out) {
      eachRow(open(x), open(out), x.shape.at(-1)!, (from, to) => {
        const { top, sum } = topAndSum(from);
        for (let i = 0; i < from.length; i++) to[i] = exp(from[i]! - top) / sum;
      });
    },
    softmaxGradient(y, dy, out) {
      const [Y, D, O, width] = [open(y), open(dy), open(out), y.shape.at(-1)!];
      for (let row = 0; row < Y.length; row += width) {
        let dot = 0;
        for (let i = row; i < row + width; i++) dot += Y[i]! * D[i]!;
        for (let i = row; i < row + width; i++) O[i] = Y[i]! * (D[i]! - dot);
      }
    },
    logSoftmax(x, out) {
      eachRow(open(x), open(out), x.shape.at(-1)!, (from, to) => {
        const { top, sum } = topAndSum(from);
        const shift = top + log(sum);
        for (let i = 0; i < from.length; i++) to[i] = from[i]! - shift;
      });
    },
    segmentArgmax(x, offsets, out) {
      const [X, O, width] = [open(x), open(out), x.shape[1]!];
      for (let segment = 0; segment + 1 < offsets.length; segment++) {
        for (let column = 0; column < width; column++) {
          let best = -1;
          for (let row = offsets[segment]!; row < offsets[segment + 1]!; row++) {
            const index = row * width + column;
            if (best < 0 || X[index]! > X[best]!) best = index;
          }
          O[segment * width + column] = best;
        }
      }
    },
    ...plainAttentionKernels(open),
    dropout(x, rate, seed, out) {
      const [X, O, threshold] = [open(x), open(out), keepThreshold(rate)];
      for (let i = 0; i < O.length; i++) O[i] = hash(seed, i) >>> 8 >= threshold ? X[i]! / (1 - rate) : 0;
    },
    adamw(parameter, gradient, mean, variance, { rate, beta1, beta2, epsilon, decay, count }) {
      const [P, G, M, V] = [open(parameter), open(gradient), open(mean), open(variance)];
      const meanCorrection = count === 0 ? 1 : 1 - beta1 ** count;
      const varianceCorrection = count === 0 ? 1 : 1 - beta2 ** count;
      for (let i = 0; i < P.length; i++) {
        M[i] = beta1 * M[i]! + (1 - beta1) * G[i]!;
        V[i] = beta2 * V[i]! + (1 - beta2) * G[i]! * G[i]!;
        const step = M[i]! / meanCorrection / (sqrt(V[i]! / varianceCorrection) + epsilon);
        P[i] = P[i]! - rate * (step + decay * P[i]!);
      }
    },
  };
}

const binaryFunctions: Record<BinaryKind, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

function eachRow(x: Values, out: Values, width: number, compute: (from: Values, to: Values) => void): void {
  for (let row = 0; row < x.length; row += width) compute(x.subarray(row, row + width), out.subarray(row, row + width));
}

function topAndSum(row: Values): { top: number; sum: number } {
  let top = -Infinity;
  for (const value of row) top = max(top, value);
  let sum = 0;
  for (const value of row) sum += exp(value - top);
  return { top, sum };
}
