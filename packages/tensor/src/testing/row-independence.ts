import type { AttentionLayout, Backend, Values } from "../backend.js";
import { attention } from "../ops/attention.js";
import { layerNorm } from "../ops/layer-norm.js";
import { linear } from "../ops/linear.js";
import { quantizedLinear } from "../ops/quantized.js";
import { segmentMean } from "../ops/segments.js";
import { softmax } from "../ops/softmax.js";
import { gelu } from "../ops/unary.js";
import { unitLength } from "../ops/unit-length.js";
import { Parameter } from "../parameter.js";
import { type QuantizedRows, quantizeRows } from "../quantize-rows.js";
import { RandomStream } from "../random.js";
import { Tensor } from "../tensor.js";
import { tidy } from "../tidy.js";
import { expectClose } from "./closeness.js";
import { testFramework } from "./test-framework.js";

const width = 37;
const outputs = 21;
/** How many rows come before and after the ones looked at: enough to move them to every place in a tile. */
const company = [
  [0, 0],
  [0, 1],
  [1, 0],
  [3, 2],
  [4, 9],
  [13, 4],
] as const;

/** What makes a text's vector the same in any batch, to the bit: no row's sums depend on the rows around it. */
export function rowIndependenceTests(backend: () => Backend): void {
  const { test } = testFramework();
  for (const [name, op] of Object.entries(rowOps)) {
    for (const rows of [1, 5]) {
      test(`${name}, ${rows === 1 ? "a row" : `${rows} rows`}`, async () => {
        const own = draw(1, rows);
        const alone = await evaluate(backend(), op, [own], rows);
        for (const [before, after] of company) {
          const together = [draw(2, before), own, draw(3, after)];
          const values = await evaluate(backend(), op, together, rows);
          const perRow = alone.length / op.results(rows);
          const from = op.results(before) * perRow;
          expectClose(values.subarray(from, from + alone.length), alone, "exact", `after ${before}, before ${after}`);
        }
      });
    }
  }
}

interface RowOp {
  /** How many rows of results this many rows give. */
  results(rows: number): number;
  /** x [rows, width]; sequence s is rows offsets[s] … offsets[s+1]. */
  run(x: Tensor, weights: Weights, offsets: Int32Array): Tensor;
}

interface Weights {
  readonly matrix: Parameter;
  readonly bias: Parameter;
  readonly levels: Parameter;
  readonly scale: Parameter;
  readonly gain: Parameter;
  readonly shift: Parameter;
}

const same = (rows: number): number => rows;
const one = (rows: number): number => Math.min(rows, 1);

const rowOps: Readonly<Record<string, RowOp>> = {
  linear: { results: same, run: (x, { matrix, bias }) => linear(x, matrix, bias) },
  "linear, prepared": {
    results: same,
    run(x, { matrix, bias }) {
      matrix.prepare();
      return linear(x, matrix, bias);
    },
  },
  "linear with gelu": { results: same, run: (x, { matrix, bias }) => linear(x, matrix, bias, gelu) },
  quantizedLinear: {
    results: same,
    run: (x, { levels, scale, bias }) => quantizedLinear(x, levels, scale, bias, gelu),
  },
  "quantizedLinear, prepared": {
    results: same,
    run(x, { levels, scale, bias }) {
      levels.prepare();
      return quantizedLinear(x, levels, scale, bias);
    },
  },
  layerNorm: {
    results: same,
    run: (x, { gain, shift }) => layerNorm(x, gain, shift, { epsilon: 1e-12, residual: x }),
  },
  softmax: { results: same, run: softmax },
  gelu: { results: same, run: gelu },
  unitLength: { results: same, run: unitLength },
  segmentMean: { results: one, run: (x, _, offsets) => segmentMean(x, offsets) },
  attention: { results: same, run: (x, _, offsets) => selfAttention(x, offsets, false) },
  "attention, causal": { results: same, run: (x, _, offsets) => selfAttention(x, offsets, true) },
};

function selfAttention(x: Tensor, offsets: Int32Array, causal: boolean): Tensor {
  const layout: AttentionLayout = { heads: 1, queryOffsets: offsets, keyOffsets: offsets, causal };
  const rows = x.viewAs([x.shape[0]!, 1, width]);
  return attention(rows, rows, rows, layout);
}

async function evaluate(backend: Backend, op: RowOp, parts: readonly Float32Array[], rows: number): Promise<Values> {
  const filled = parts.filter((part) => part.length > 0);
  const offsets = [0];
  for (const part of filled) offsets.push(offsets.at(-1)! + part.length / width);
  const values = new Float32Array(offsets.at(-1)! * width);
  for (const [i, part] of filled.entries()) values.set(part, offsets[i]! * width);
  const weights = {
    matrix: parameter(backend, [outputs, width], 4),
    bias: parameter(backend, [outputs], 5),
    ...quantizedParameters(backend, quantizeRows(draw(8, outputs), width, "quantizedLinear")),
    gain: parameter(backend, [width], 6),
    shift: parameter(backend, [width], 7),
  };
  using x = Tensor.from(backend, values, [values.length / width, width]);
  using y = tidy(() => op.run(x, weights, Int32Array.from(offsets)));
  for (const weight of Object.values(weights)) weight.dispose();
  if (y.shape[0]! < op.results(rows)) throw new Error(`${y.shape[0]} rows of results for ${rows}`);
  return y.read();
}

function parameter(backend: Backend, shape: readonly number[], seed: number): Parameter {
  const made = new Parameter(shape, () => 0, shape.length === 2 ? { use: "linear" } : {});
  const random = new RandomStream(seed);
  const size = shape.reduce((product, extent) => product * extent, 1);
  made.place(
    backend,
    Float32Array.from({ length: size }, () => random.normal()),
  );
  return made;
}

function quantizedParameters(backend: Backend, { levels, scales }: QuantizedRows) {
  const made = {
    levels: new Parameter([outputs, width], () => 0, { use: "quantizedLinear", dtype: "int8" }),
    scale: new Parameter([outputs], () => 0),
  };
  made.levels.place(backend, levels);
  made.scale.place(backend, scales);
  return made;
}

function draw(seed: number, rows: number): Float32Array {
  const random = new RandomStream(seed);
  return Float32Array.from({ length: rows * width }, () => random.normal());
}
