import { type Backend, Parameter, RandomStream, Tensor, type UnaryKind, type Values, type View } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { engineVariants } from "./fixtures/engine-variants.js";
import { openWasm } from "./index.js";

const variants = await engineVariants();

const random = new RandomStream(11);
const drawLevels = (size: number): Int8Array =>
  Int8Array.from({ length: size }, () => Math.round(126 * random.uniform() - 63));
const draw = (size: number): Float32Array => Float32Array.from({ length: size }, () => random.normal());

describe.each(variants)("the same row gives the same bits in any batch, %s", (_, options) => {
  const backend = useBackend(() => openWasm(options));

  test.each([
    [384, 24, "gelu"],
    [1537, 9, undefined],
    [7, 3, "tanh"],
  ] as const)("linear of %s inputs and %s outputs", async (inputs, outputs, activation: UnaryKind | undefined) => {
    for (const prepared of [true, false]) {
      using weight = new Parameter([outputs, inputs], () => 0, { use: "linear" });
      weight.place(backend(), draw(outputs * inputs));
      if (prepared) weight.prepare();
      using bias = Tensor.from(backend(), draw(outputs));
      await rowsAreAlone(backend(), inputs, outputs, (x, out) =>
        backend().fused.linear!.forward(x, weight, bias, activation, out),
      );
    }
  });

  test.each([
    [384, 24, "gelu"],
    [1537, 9, undefined],
    [7, 3, "tanh"],
  ] as const)("int8 linear of %s inputs and %s outputs", async (inputs, outputs, activation: UnaryKind | undefined) => {
    for (const prepared of [true, false]) {
      using weight = new Parameter([outputs, inputs], () => 0, { use: "quantizedLinear", dtype: "int8" });
      weight.place(backend(), drawLevels(outputs * inputs));
      if (prepared) weight.prepare();
      using scale = Tensor.from(backend(), draw(outputs));
      using bias = Tensor.from(backend(), draw(outputs));
      await rowsAreAlone(backend(), inputs, outputs, (x, out) =>
        backend().kernels.quantizedLinear(x, weight, scale, bias, activation, out),
      );
    }
  });

  test("matmul, layerNorm and softmax", async () => {
    using weight = Tensor.from(backend(), draw(50 * 50), [50, 50]);
    using scales = Tensor.from(backend(), draw(50));
    const options = { transposeA: false, transposeB: false };
    await rowsAreAlone(backend(), 50, 50, (x, out) => backend().kernels.matmul(x, weight, out, options));
    await rowsAreAlone(backend(), 50, 50, (x, out) => backend().kernels.softmax(x, out));
    await rowsAreAlone(backend(), 50, 50, (x, out) =>
      backend().fused.layerNorm!.forward(x, undefined, scales, scales, 1e-12, out),
    );
  });

  test("attention of a sequence alone, and first, last and between others", async () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 3 });
    const cases = fc.record({
      own: fc.integer({ min: 1, max: 60 }),
      before: lengths,
      after: lengths,
      causal: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ own, before, after, causal }) => {
        const all = [...before, own, ...after];
        const first = before.reduce((sum, length) => sum + length, 0);
        const tokens = all.reduce((sum, length) => sum + length, 0);
        const values = [draw(tokens * 64), draw(tokens * 64), draw(tokens * 64)] as const;
        const together = await attend(backend(), values, all, causal);
        const cut = (array: Float32Array) => array.subarray(first * 64, (first + own) * 64);
        const alone = await attend(backend(), [cut(values[0]), cut(values[1]), cut(values[2])], [own], causal);
        expect(sameBits(alone, cut(together as Float32Array))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

test("the tile changes no bit", async () => {
  const [x, weight] = [draw(37 * 900), draw(50 * 900)];
  const results: Values[] = [];
  for (const tile of [
    { rows: 6, columns: 8, depth: 1536 },
    { rows: 2, columns: 16, depth: 384 },
    { rows: 4, columns: 12, depth: 7 },
  ]) {
    using backend = (await openWasm({ tile }))!;
    using left = Tensor.from(backend, x, [37, 900]);
    using right = Tensor.from(backend, weight, [50, 900]);
    using out = Tensor.empty(backend, [37, 50]);
    backend.fused.linear!.forward(left, right, undefined, "gelu", out);
    results.push(await out.read());
  }
  expect(results.every((result) => sameBits(result, results[0]!))).toBe(true);
});

test("how levels are multiplied, in which tile and on how many threads, changes no bit", async () => {
  const [rows, inputs, outputs] = [150, 390, 300];
  const [x, levels, scales] = [draw(rows * inputs), drawLevels(outputs * inputs), draw(outputs)];
  const results: Values[] = [];
  for (const options of [
    {},
    { byteLevels: false },
    { byteLevels: false, threads: 2 },
    { quantizedTile: { rows: 2, columns: 16 }, threads: 3 },
    { quantizedTile: { rows: 7, columns: 4 }, threads: 1 },
    { wide: true, threads: 1 },
    { wide: true, byteLevels: false, threads: 2 },
  ]) {
    using backend = (await openWasm(options))!;
    using left = Tensor.from(backend, x, [rows, inputs]);
    using right = Tensor.from(backend, levels, [outputs, inputs]);
    using scale = Tensor.from(backend, scales);
    using out = Tensor.empty(backend, [rows, outputs]);
    backend.kernels.quantizedLinear(left, right, scale, scale, "gelu", out);
    results.push(await out.read());
  }
  expect(results.every((result) => sameBits(result, results[0]!))).toBe(true);
});

/** Each of 23 rows alone, and batches of every size, against the whole. */
async function rowsAreAlone(backend: Backend, inputs: number, outputs: number, run: (x: View, out: View) => void) {
  const rows = 23;
  const values = draw(rows * inputs);
  const compute = async (from: number, to: number) => {
    using x = Tensor.from(backend, values.slice(from * inputs, to * inputs), [to - from, inputs]);
    using out = Tensor.empty(backend, [to - from, outputs]);
    run(x, out);
    return out.read();
  };
  const whole = await compute(0, rows);
  for (let row = 0; row < rows; row++) {
    expect(sameBits(await compute(row, row + 1), whole.slice(row * outputs, (row + 1) * outputs))).toBe(true);
    expect(sameBits(await compute(0, row), whole.slice(0, row * outputs))).toBe(true);
  }
}

function sameBits(a: Values, b: Values): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

async function attend(
  backend: Backend,
  values: readonly [Float32Array, Float32Array, Float32Array],
  lengths: readonly number[],
  causal: boolean,
) {
  const offsets = new Int32Array(lengths.length + 1);
  for (const [i, length] of lengths.entries()) offsets[i + 1] = offsets[i]! + length;
  const shape = [offsets.at(-1)!, 2, 32];
  using query = Tensor.from(backend, values[0], shape);
  using key = Tensor.from(backend, values[1], shape);
  using value = Tensor.from(backend, values[2], shape);
  using out = Tensor.empty(backend, shape);
  const layout = { heads: 2, queryOffsets: offsets, keyOffsets: offsets, causal };
  backend.fused.attention!.forward(query, key, value, layout, 0.2, out);
  return out.read();
}
