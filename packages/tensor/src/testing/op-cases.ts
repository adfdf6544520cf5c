import type { AttentionLayout, KernelThread } from "../backend.js";
import { leakyRelu, mish, quickGelu, relu6, reluSquared, silu, softplus } from "../ops/activation.js";
import { add, addScalar, divide, multiply, scale, subtract } from "../ops/arithmetic.js";
import { attention, attentionMix, attentionScores, attentionSoftmax, weightsIn } from "../ops/attention.js";
import { defineKernel } from "../ops/custom.js";
import { dropout } from "../ops/dropout.js";
import { layerNorm, layerNormComposed } from "../ops/layer-norm.js";
import { linear } from "../ops/linear.js";
import { binaryCrossEntropy, crossEntropy, meanSquaredError } from "../ops/loss.js";
import { matmul } from "../ops/matmul.js";
import { permute, reshape, transpose } from "../ops/reshape.js";
import { concatRows, gatherRows, scatterAddRows, sliceRows } from "../ops/rows.js";
import { segmentMax, segmentMean, segmentSum } from "../ops/segments.js";
import { logSoftmax, softmax } from "../ops/softmax.js";
import { mean, meanOfLast, sum, sumTo } from "../ops/sum.js";
import { erf, exp, gelu, geluTanh, log, negate, reciprocal, relu, sigmoid, sqrt, tanh } from "../ops/unary.js";
import { unitLength } from "../ops/unit-length.js";
import { RandomStream } from "../random.js";
import type { Shape } from "../shape.js";
import { Tensor } from "../tensor.js";

/** An op on inputs of certain shapes: what every backend must compute alike, forward and backward. */
export interface OpCase {
  readonly name: string;
  readonly shapes: readonly Shape[];
  /** Numbers the inputs are drawn from: around 0 (default), or 0.5 to 3 where an op is undefined below 0. */
  readonly positive?: boolean;
  run(...inputs: Tensor[]): Tensor;
}

const layout = (heads: number, queries: number[], keys = queries, causal = false): AttentionLayout => ({
  heads,
  queryOffsets: offsets(queries),
  keyOffsets: offsets(keys),
  causal,
});
function offsets(lengths: readonly number[]): Int32Array {
  const result = [0];
  for (const length of lengths) result.push(result.at(-1)! + length);
  return Int32Array.from(result);
}
const self = layout(2, [5, 1, 9]);
const causal = layout(3, [4, 7, 1], undefined, true);
const cross = layout(2, [3, 6], [8, 2]);
const crossCausal = layout(1, [2, 4], [5, 2], true);
const ids = (backend: Tensor["backend"], ...values: number[]): Tensor => Tensor.from(backend, Int32Array.from(values));

const cubeAndScale = defineKernel({
  name: "cubeAndScale",
  constants: { factor: 2 },
  compute: function (this: KernelThread, x: Float32Array, y: Float32Array) {
    const value = x[this.thread.x]!;
    return this.constants.factor! * value * value * value * y[0]!;
  },
  gradients: [
    function (this: KernelThread, dy: Float32Array, x: Float32Array, y: Float32Array) {
      const value = x[this.thread.x]!;
      return dy[this.thread.x]! * this.constants.factor! * 3 * value * value * y[0]!;
    },
    function (this: KernelThread, dy: Float32Array, x: Float32Array) {
      let total = 0;
      for (let i = 0; i < 15; i++) total += dy[i]! * this.constants.factor! * x[i]! * x[i]! * x[i]!;
      return total;
    },
  ],
});

const elementwise: OpCase[] = Object.entries({
  negate,
  exp,
  tanh,
  sigmoid,
  erf,
  relu,
  gelu,
  geluTanh,
  silu,
  quickGelu,
  softplus,
  mish,
  reluSquared,
  relu6,
  leakyRelu,
}).map(([name, run]) => ({ name, shapes: [[7, 37]], run }));

/** Every op of the package. A new op adds its row here and is tested on every backend. */
export const opCases: readonly OpCase[] = [
  ...elementwise,
  { name: "log", shapes: [[4, 9]], positive: true, run: log },
  { name: "sqrt", shapes: [[4, 9]], positive: true, run: sqrt },
  { name: "reciprocal", shapes: [[4, 9]], positive: true, run: reciprocal },
  {
    name: "add, same shape",
    shapes: [
      [3, 5],
      [3, 5],
    ],
    run: add,
  },
  { name: "add, a row", shapes: [[6, 13], [13]], run: add },
  {
    name: "add, a column",
    shapes: [
      [6, 1],
      [6, 13],
    ],
    run: add,
  },
  {
    name: "add, both broadcast",
    shapes: [
      [2, 1, 4],
      [3, 1],
    ],
    run: add,
  },
  { name: "add, a scalar", shapes: [[], [3, 2]], run: add },
  { name: "add, to itself", shapes: [[3, 2]], run: (x) => add(x, x) },
  { name: "subtract", shapes: [[6, 5], [5]], run: subtract },
  {
    name: "multiply",
    shapes: [
      [4, 3, 2],
      [3, 1],
    ],
    run: multiply,
  },
  { name: "divide", shapes: [[4, 3], [3]], positive: true, run: divide },
  { name: "scale", shapes: [[5, 3]], run: (x) => scale(x, -1.5) },
  { name: "addScalar", shapes: [[5, 3]], run: (x) => addScalar(x, 2.5) },
  { name: "sumTo, rows", shapes: [[6, 21]], run: (x) => sumTo(x, [21]) },
  { name: "sumTo, last axis", shapes: [[6, 21]], run: (x) => sumTo(x, [6, 1]) },
  { name: "sumTo, inner axis", shapes: [[3, 4, 5]], run: (x) => sumTo(x, [3, 1, 5]) },
  { name: "sum", shapes: [[3, 4, 5]], run: sum },
  { name: "mean", shapes: [[3, 4]], run: mean },
  { name: "meanOfLast", shapes: [[3, 4]], run: meanOfLast },
  {
    name: "matmul",
    shapes: [
      [5, 7],
      [7, 9],
    ],
    run: (a, b) => matmul(a, b),
  },
  {
    name: "matmul, one by one",
    shapes: [
      [1, 1],
      [1, 1],
    ],
    run: (a, b) => matmul(a, b),
  },
  {
    name: "matmul, a transposed",
    shapes: [
      [7, 5],
      [7, 9],
    ],
    run: (a, b) => matmul(a, b, { transposeA: true }),
  },
  {
    name: "matmul, b transposed",
    shapes: [
      [5, 7],
      [19, 7],
    ],
    run: (a, b) => matmul(a, b, { transposeB: true }),
  },
  {
    name: "matmul, both transposed",
    shapes: [
      [7, 5],
      [9, 7],
    ],
    run: (a, b) => matmul(a, b, { transposeA: true, transposeB: true }),
  },
  {
    name: "matmul, batched",
    shapes: [
      [2, 3, 4, 5],
      [3, 5, 6],
    ],
    run: (a, b) => matmul(a, b),
  },
  {
    name: "matmul, one b for many a",
    shapes: [
      [3, 4, 5],
      [5, 6],
    ],
    run: (a, b) => matmul(a, b),
  },
  { name: "linear", shapes: [[13, 18], [21, 18], [21]], run: (x, w, b) => linear(x, w, b) },
  {
    name: "linear, no bias",
    shapes: [
      [3, 8],
      [4, 8],
    ],
    run: (x, w) => linear(x, w),
  },
  { name: "linear, three axes", shapes: [[2, 3, 8], [4, 8], [4]], run: (x, w, b) => linear(x, w, b) },
  { name: "linear, one row", shapes: [[1, 33], [10, 33], [10]], run: (x, w, b) => linear(x, w, b) },
  ...Object.entries({ gelu, geluTanh, relu, tanh, silu }).map(([name, activation]) => ({
    name: `linear with ${name}`,
    shapes: [[9, 12], [17, 12], [17]],
    run: (x: Tensor, w: Tensor, b: Tensor) => linear(x, w, b, activation),
  })),
  { name: "reshape", shapes: [[4, 6]], run: (x) => reshape(x, [3, 8]) },
  { name: "permute", shapes: [[2, 3, 4]], run: (x) => permute(x, [2, 0, 1]) },
  { name: "transpose", shapes: [[5, 3]], run: transpose },
  { name: "gatherRows", shapes: [[6, 5]], run: (x) => gatherRows(x, ids(x.backend, 5, 0, 0, 3)) },
  { name: "scatterAddRows", shapes: [[4, 5]], run: (x) => scatterAddRows(x, ids(x.backend, 2, 0, 2, 2), 3) },
  { name: "sliceRows", shapes: [[6, 2, 2]], run: (x) => sliceRows(x, 1, 4) },
  {
    name: "concatRows",
    shapes: [
      [2, 3],
      [1, 3],
      [4, 3],
    ],
    run: (...parts) => concatRows(parts),
  },
  { name: "softmax", shapes: [[5, 19]], run: softmax },
  { name: "logSoftmax", shapes: [[5, 19]], run: logSoftmax },
  {
    name: "layerNorm",
    shapes: [[9, 24], [24], [24]],
    run: (x, weight, bias) => layerNorm(x, weight, bias, { epsilon: 1e-12 }),
  },
  {
    name: "layerNorm with residual",
    shapes: [[5, 11], [11], [11], [5, 11]],
    run: (x, weight, bias, residual) => layerNorm(x, weight, bias, { epsilon: 1e-5, residual }),
  },
  {
    name: "layerNormComposed",
    shapes: [[5, 11], [11], [11], [5, 11]],
    run: (x, weight, bias, residual) => layerNormComposed(x, weight, bias, { epsilon: 1e-5, residual }),
  },
  { name: "unitLength", shapes: [[4, 6]], run: unitLength },
  { name: "segmentSum", shapes: [[7, 5]], run: (x) => segmentSum(x, Int32Array.of(0, 3, 3, 7)) },
  { name: "segmentMean", shapes: [[7, 5]], run: (x) => segmentMean(x, Int32Array.of(0, 3, 3, 7)) },
  { name: "segmentMax", shapes: [[7, 5]], run: (x) => segmentMax(x, Int32Array.of(0, 2, 7)) },
  ...Object.entries({ self, causal, cross, crossCausal }).flatMap(([name, block]) => attentionCases(name, block)),
  { name: "dropout", shapes: [[8, 9]], run: (x) => dropout(x, 0.3, new RandomStream(5)) },
  { name: "crossEntropy", shapes: [[4, 7]], run: (x) => crossEntropy(x, Int32Array.of(0, 6, 3, 3)) },
  {
    name: "meanSquaredError",
    shapes: [
      [4, 3],
      [4, 3],
    ],
    run: meanSquaredError,
  },
  {
    name: "binaryCrossEntropy",
    shapes: [
      [4, 3],
      [4, 3],
    ],
    run: binaryCrossEntropy,
  },
  { name: "a custom kernel", shapes: [[3, 5], [1]], run: cubeAndScale },
];

function attentionCases(name: string, block: AttentionLayout): OpCase[] {
  const query = [block.queryOffsets.at(-1)!, block.heads, 8];
  const key = [block.keyOffsets.at(-1)!, block.heads, 8];
  const weights = [weightsIn(block)];
  return [
    { name: `attention, ${name}`, shapes: [query, key, key], run: (q, k, v) => attention(q, k, v, block) },
    { name: `attentionScores, ${name}`, shapes: [query, key], run: (q, k) => attentionScores(q, k, block) },
    { name: `attentionSoftmax, ${name}`, shapes: [weights], run: (scores) => attentionSoftmax(scores, block) },
    { name: `attentionMix, ${name}`, shapes: [weights, key], run: (w, v) => attentionMix(w, v, block) },
    {
      name: `attention with dropout, ${name}`,
      shapes: [query, key, key],
      run: (q, k, v) => attention(q, k, v, block, { dropoutRate: 0.4, random: new RandomStream(9) }),
    },
  ];
}
