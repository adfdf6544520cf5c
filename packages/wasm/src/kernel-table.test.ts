import {
  type AttentionLayout,
  type Backend,
  openReference,
  RandomStream,
  type Shape,
  sizeOf,
  Tensor,
} from "@bertkit/tensor";
import { expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { engineVariants } from "./fixtures/engine-variants.js";
import { openWasm } from "./index.js";

const reference = openReference({ precision: "float64" });
const variants = await engineVariants();

const random = new RandomStream(5);
const draw = (shape: Shape, scale = 1): Float32Array =>
  Float32Array.from({ length: sizeOf(shape) }, () => scale * random.normal());

type Run = (backend: Backend, inputs: readonly Tensor[], out: Tensor) => void;

describe.each(variants)("kernels, %s", (_, options) => {
  const backend = useBackend(() => openWasm(options));

  /** Runs a kernel here and on the reference, and checks that nothing behind `out` was touched. */
  async function agree(run: Run, shapes: readonly Shape[], outShape: Shape, tolerance = 1e-5): Promise<void> {
    const values = shapes.map((shape) => draw(shape));
    const results = [];
    for (const on of [backend(), reference]) {
      const inputs = values.map((array, i) => Tensor.from(on, array, shapes[i]!));
      // The block is longer than the view that the kernel sees: what follows must stay.
      const size = sizeOf(outShape);
      using block = Tensor.from(on, new Float32Array(size + 32).fill(7));
      const out = { buffer: block.buffer, shape: outShape, dtype: block.dtype };
      if (on === reference) {
        using own = Tensor.empty(on, outShape);
        run(on, inputs, own);
        results.push(await own.read());
      } else {
        run(on, inputs, out as Tensor);
        const read = await block.read();
        expect([...read.subarray(size)]).toEqual(new Array(32).fill(7));
        results.push(read.subarray(0, size));
      }
      for (const input of inputs) input.dispose();
    }
    expectClose(results[0]!, results[1]!, tolerance);
  }

  test("products of any extents, each side transposed or not", async () => {
    const extents = [1, 2, 3, 5, 6, 7, 8, 9, 13, 17, 24, 33];
    for (const [index, rows] of extents.entries()) {
      for (const [shift, columns] of extents.entries()) {
        const depth = extents[(index + 5 * shift) % extents.length]!;
        const options = { transposeA: (index + shift) % 2 === 1, transposeB: shift % 3 === 1 };
        const a = options.transposeA ? [depth, rows] : [rows, depth];
        const b = options.transposeB ? [columns, depth] : [depth, columns];
        await agree((on, [x, y], out) => on.kernels.matmul(x!, y!, out, options), [a, b], [rows, columns], 2e-5);
      }
    }
  });

  test("products deeper than a piece and higher than a row block", async () => {
    const options = { transposeA: false, transposeB: true };
    const run: Run = (on, [a, b], out) => on.kernels.matmul(a!, b!, out, options);
    await agree(
      run,
      [
        [5, 1700],
        [11, 1700],
      ],
      [5, 11],
      1e-4,
    );
    await agree(
      run,
      [
        [401, 3],
        [9, 3],
      ],
      [401, 9],
    );
  });

  test("products of nothing: no rows, no columns, no depth", async () => {
    const run: Run = (on, [a, b], out) => on.kernels.matmul(a!, b!, out, { transposeA: false, transposeB: false });
    await agree(
      run,
      [
        [0, 3],
        [3, 4],
      ],
      [0, 4],
    );
    await agree(
      run,
      [
        [3, 3],
        [3, 0],
      ],
      [3, 0],
    );
    await agree(
      run,
      [
        [3, 0],
        [0, 9],
      ],
      [3, 9],
    );
  });

  test("leading axes broadcast", async () => {
    const run: Run = (on, [a, b], out) => on.kernels.matmul(a!, b!, out, { transposeA: false, transposeB: false });
    await agree(
      run,
      [
        [2, 1, 3, 4],
        [5, 4, 2],
      ],
      [2, 5, 3, 2],
    );
    await agree(
      run,
      [
        [3, 4],
        [2, 2, 4, 5],
      ],
      [2, 2, 3, 5],
    );
  });

  test("rows of any width stay in their rows", async () => {
    for (let width = 1; width <= 19; width++) {
      const shape = [3, width];
      await agree((on, [x], out) => on.kernels.softmax(x!, out), [shape], shape);
      await agree((on, [x], out) => on.kernels.logSoftmax(x!, out), [shape], shape);
      await agree((on, [y, dy], out) => on.kernels.softmaxGradient(y!, dy!, out), [shape, shape], shape);
      await agree((on, [x], out) => on.kernels.unary("gelu", x!, out), [shape], shape);
      await agree((on, [x], out) => on.kernels.dropout(x!, 0.3, 12345, out), [shape], shape);
      const layerNorm: Run = (on, [x, y, weight, bias], out) =>
        on === reference
          ? composedLayerNorm(on, [x!, y!, weight!, bias!], out)
          : on.fused.layerNorm!.forward(x!, y!, weight!, bias!, 1e-3, out);
      await agree(layerNorm, [shape, shape, [width], [width]], shape);
    }
  });

  test("broadcasting of every kind", async () => {
    const shapes: readonly (readonly [Shape, Shape, Shape])[] = [
      [
        [3, 5],
        [3, 5],
        [3, 5],
      ],
      [[3, 5], [5], [3, 5]],
      [[5], [3, 5], [3, 5]],
      [
        [3, 5],
        [3, 1],
        [3, 5],
      ],
      [
        [3, 1],
        [3, 5],
        [3, 5],
      ],
      [
        [3, 1],
        [1, 5],
        [3, 5],
      ],
      [[3, 5], [], [3, 5]],
      [[1], [3, 5], [3, 5]],
      [[7, 1], [1], [7, 1]],
      [
        [2, 3, 5],
        [3, 1],
        [2, 3, 5],
      ],
      [
        [2, 3, 5],
        [2, 1, 5],
        [2, 3, 5],
      ],
      [
        [2, 1, 1],
        [2, 3, 5],
        [2, 3, 5],
      ],
    ];
    for (const [a, b, out] of shapes) {
      for (const kind of ["add", "subtract", "multiply", "divide"] as const) {
        await agree((on, [x, y], to) => on.kernels.binary(kind, x!, y!, to), [a, b], out, 1e-4);
      }
    }
    await agree((on, [x], out) => on.kernels.sumTo(x!, out), [[40, 9]], [9]);
    await agree((on, [x], out) => on.kernels.sumTo(x!, out), [[4, 3, 9]], [3, 9]);
    await agree((on, [x], out) => on.kernels.sumTo(x!, out), [[4, 9]], [4, 1]);
  });

  test("attention of any extents equals its composition", async () => {
    const sequence = fc.record({ queries: fc.integer({ min: 0, max: 70 }), keys: fc.integer({ min: 0, max: 70 }) });
    const cases = fc.record({
      sequences: fc.array(sequence, { minLength: 1, maxLength: 3 }),
      heads: fc.integer({ min: 1, max: 3 }),
      headWidth: fc.constantFrom(1, 3, 8, 20, 32, 64),
      causal: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ sequences, heads, headWidth, causal }) => {
        const queryOffsets = offsets(sequences.map(({ queries }) => queries));
        const keyOffsets = offsets(sequences.map(({ keys }) => keys));
        const layout = { heads, queryOffsets, keyOffsets, causal };
        const queries = [queryOffsets.at(-1)!, heads, headWidth];
        const keys = [keyOffsets.at(-1)!, heads, headWidth];
        const run: Run = (on, [query, key, value], out) =>
          on === reference
            ? composedAttention(on, [query!, key!, value!], layout, out)
            : on.fused.attention!.forward(query!, key!, value!, layout, 0.3, out);
        await agree(run, [queries, keys, keys], queries);
      }),
      { numRuns: 40 },
    );
  });

  test("a sequence of 600 keys needs several blocks of queries", async () => {
    const lengths = Int32Array.of(0, 600);
    const layout = { heads: 1, queryOffsets: lengths, keyOffsets: lengths, causal: true };
    const run: Run = (on, [query, key, value], out) =>
      on === reference
        ? composedAttention(on, [query!, key!, value!], layout, out)
        : on.fused.attention!.forward(query!, key!, value!, layout, 0.3, out);
    await agree(
      run,
      [
        [600, 1, 32],
        [600, 1, 32],
        [600, 1, 32],
      ],
      [600, 1, 32],
    );
  });

  test("softmax of huge, equal and infinite scores", async () => {
    const rows = Float32Array.of(1e30, 1e30, -1e30, -1e30, 1e4, 1e4, -Infinity, 0, 0, -200, -87, -88);
    using x = Tensor.from(backend(), rows, [3, 4]);
    using out = Tensor.empty(backend(), [3, 4]);
    backend().kernels.softmax(x, out);
    const e87 = Math.exp(-87);
    expectClose((await out.read()).subarray(0, 9), [0.5, 0.5, 0, 0, 0.5, 0.5, 0, 0, 1], 1e-7);
    expect((await out.read())[10]! / e87).toBeCloseTo(1, 4);
  });
});

function offsets(lengths: readonly number[]): Int32Array {
  let at = 0;
  return Int32Array.from([0, ...lengths.map((length) => (at += length))]);
}

function composedAttention(
  { kernels }: Backend,
  [query, key, value]: readonly [Tensor, Tensor, Tensor],
  layout: AttentionLayout,
  out: Tensor,
): void {
  let size = 0;
  for (let s = 0; s + 1 < layout.queryOffsets.length; s++) {
    const queries = layout.queryOffsets[s + 1]! - layout.queryOffsets[s]!;
    size += layout.heads * queries * (layout.keyOffsets[s + 1]! - layout.keyOffsets[s]!);
  }
  using scores = Tensor.empty(reference, [size]);
  kernels.attentionScores(query, key, layout, 0.3, scores);
  kernels.attentionSoftmax(scores, layout, scores);
  kernels.attentionMix(scores, value, layout, out);
}

function composedLayerNorm(
  { kernels }: Backend,
  [x, y, weight, bias]: readonly [Tensor, Tensor, Tensor, Tensor],
  out: Tensor,
): void {
  const [rows, width] = x.shape as [number, number];
  using mean = Tensor.empty(reference, [rows, 1]);
  using square = Tensor.empty(reference, x.shape);
  using extent = Tensor.from(reference, Float32Array.of(width));
  using epsilon = Tensor.from(reference, Float32Array.of(1e-3));
  using centred = Tensor.empty(reference, x.shape);
  kernels.binary("add", x, y, square);
  kernels.sumTo(square, mean);
  kernels.binary("divide", mean, extent, mean);
  kernels.binary("subtract", square, mean, centred);
  kernels.binary("multiply", centred, centred, square);
  kernels.sumTo(square, mean);
  kernels.binary("divide", mean, extent, mean);
  kernels.binary("add", mean, epsilon, mean);
  kernels.unary("sqrt", mean, mean);
  kernels.binary("divide", centred, mean, square);
  kernels.binary("multiply", square, weight, centred);
  kernels.binary("add", centred, bias, out);
}
