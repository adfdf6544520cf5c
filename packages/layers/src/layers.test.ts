import { DisposedError, openReference, RandomStream, ShapeError, sum, Tensor, tidy } from "@bertkit/tensor";
import { expectClose, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import { filled } from "./fixtures/filled.js";
import {
  Embedding,
  FeedForward,
  LayerNorm,
  Linear,
  MultiHeadAttention,
  SinusoidalEmbedding,
  showValue,
  sinusoids,
  TransformerBlock,
} from "./index.js";

describe.each(Object.entries({ reference: () => openReference(), wasm: () => openWasm() }))(
  "on the %s backend",
  (_, open) => {
    const backend = useBackend(open);
    const tensor = (values: number[], ...shape: number[]) => Tensor.from(backend(), Float32Array.from(values), shape);
    const valuesOf = async (body: () => Tensor): Promise<number[]> => {
      using result = tidy(body);
      return [...(await result.read())];
    };

    test("Linear is x · weightᵀ + bias", async () => {
      using linear = filled(new Linear(2, 3), backend());
      linear.weight.write(Float32Array.of(1, 0, 0, 1, 1, 1));
      linear.bias!.write(Float32Array.of(10, 20, 30));
      using x = tensor([1, 2, 3, 4], 2, 2);
      expect(await valuesOf(() => linear.forward(x))).toEqual([11, 22, 33, 13, 24, 37]);
      expect(() => tidy(() => linear.forward(tensor([1, 2, 3], 1, 3)))).toThrow(ShapeError);
      expect(() => new Linear(2, 2).forward(x)).toThrow(DisposedError);
    });

    test("LayerNorm gives mean 0 and variance 1, of the sum with a residual too", async () => {
      using norm = new LayerNorm(4, 0);
      norm.initialize(backend(), new RandomStream(0));
      using x = tensor([1, 3, 1, 3], 1, 4);
      using residual = tensor([0, 0, 2, 2], 1, 4);
      expect(await valuesOf(() => norm.forward(x))).toEqual([-1, 1, -1, 1]);
      const deviation = Math.sqrt(2);
      expectClose(await valuesOf(() => norm.forward(x, residual)), [-2 / deviation, 0, 0, 2 / deviation], "float32");
    });

    test("Embedding gives the rows asked for; an id without a row is an error", async () => {
      using embedding = filled(new Embedding(3, 2), backend());
      embedding.weight.write(Float32Array.of(0, 1, 10, 11, 20, 21));
      expect(await valuesOf(() => embedding.forward(Int32Array.of(2, 0, 2)))).toEqual([20, 21, 0, 1, 20, 21]);
      const wanted = (id: number) => new ShapeError(`Embedding: id ${id} at 1 is not one of 3 rows (0 … 2)`);
      expect(() => embedding.forward(Int32Array.of(0, 3))).toThrow(wanted(3));
      expect(() => embedding.forward(Int32Array.of(0, -1))).toThrow(wanted(-1));
    });

    test("SinusoidalEmbedding gives the waves of each position; one beyond the last is an error", async () => {
      const waves = new SinusoidalEmbedding(3, 4);
      const [slow, fast] = [0.01, 1].map((frequency) => [Math.sin(2 * frequency), Math.cos(2 * frequency)]);
      expectClose(
        await valuesOf(() => waves.forward(Int32Array.of(2, 0), backend())),
        [...fast!, ...slow!, 0, 1, 0, 1],
        "float32",
      );
      for (const position of [3, -1]) {
        expect(() => waves.forward(Int32Array.of(0, position), backend())).toThrow(
          new ShapeError(`SinusoidalEmbedding: position ${position} is not one of 3`),
        );
      }
    });

    test("an attention of equal scores is the mean of the values; causal, of those so far", async () => {
      const offsets = Int32Array.of(0, 1, 4);
      using x = tensor([5, 1, 2, 6], 4, 1);
      for (const [causal, expected] of [
        [false, [5, 3, 3, 3]],
        [true, [5, 1, 1.5, 3]],
      ] as const) {
        using attention = filled(new MultiHeadAttention({ width: 1, heads: 1, causal }), backend());
        for (const [path, parameter] of attention.parameters()) {
          parameter.write(Float32Array.of(/^(value|output)\.weight/.test(path) ? 1 : 0));
        }
        expectClose(await valuesOf(() => attention.forward(x, offsets).output), expected, "float32");
      }
    });

    test("keeping weights changes no output; each query's probabilities add up to 1, and are the scores' softmax", async () => {
      const offsets = Int32Array.of(0, 2, 5);
      using attention = filled(new MultiHeadAttention({ width: 4, heads: 2 }), backend());
      const values = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i));
      using x = Tensor.from(backend(), values, [5, 4]);
      expect(tidy(() => void attention.forward(x, offsets).weights)).toBeUndefined();
      const plain = await valuesOf(() => attention.forward(x, offsets).output);
      for (const kept of ["probabilities", "scores"] as const) {
        expectClose(await valuesOf(() => attention.forward(x, offsets, { kept }).output), plain, "float32");
      }
      const probabilities = await valuesOf(() => attention.forward(x, offsets, { kept: "probabilities" }).weights!);
      const scores = await valuesOf(() => attention.forward(x, offsets, { kept: "scores" }).weights!);
      // Sequence after sequence, [heads, n, n].
      const rows = [2, 2, 2, 2, 3, 3, 3, 3, 3, 3];
      expect(scores).toHaveLength(26);
      const softmax: number[] = [];
      let at = 0;
      for (const length of rows) {
        const exponentials = scores.slice(at, at + length).map(Math.exp);
        const total = exponentials.reduce((sum, value) => sum + value);
        softmax.push(...exponentials.map((value) => value / total));
        at += length;
      }
      expectClose(probabilities, softmax, "float32");
    });

    test("dropout is the stream's: the same seed drops the same, no stream drops nothing", async () => {
      const offsets = Int32Array.of(0, 6);
      const options = { width: 8, heads: 2, innerWidth: 8, hiddenDropout: 0.5, attentionDropout: 0.5 };
      using block = filled(new TransformerBlock(options), backend());
      using x = Tensor.from(
        backend(),
        Float32Array.from({ length: 48 }, (_, i) => Math.cos(i)),
        [6, 8],
      );
      const run = (seed?: number) =>
        valuesOf(
          () => block.forward(x, offsets, { random: seed === undefined ? undefined : new RandomStream(seed) }).hidden,
        );
      expect(await run(1)).toEqual(await run(1));
      expect(await run(1)).not.toEqual(await run(2));
      expect(await run()).toEqual(await run());
      expect(await run()).not.toEqual(await run(1));
    });

    test("a context of another number of sequences is an error", () => {
      using attention = filled(new MultiHeadAttention({ width: 2, heads: 1 }), backend());
      using x = tensor([1, 2, 3, 4], 2, 2);
      expect(() =>
        tidy(() => {
          const context = { hidden: x, offsets: Int32Array.of(0, 2) };
          return sum(attention.forward(x, Int32Array.of(0, 1, 2), { context }).output);
        }),
      ).toThrow(ShapeError);
    });

    test("FeedForward's default activation is the exact GELU", async () => {
      using feed = filled(new FeedForward({ width: 1, innerWidth: 1 }), backend());
      for (const [path, parameter] of feed.parameters())
        parameter.write(Float32Array.of(path.endsWith("bias") ? 0 : 1));
      using x = tensor([-3, 2], 2, 1);
      // Φ(−3) = 0.0013498980316, Φ(2) = 0.9772498680518
      expectClose(await valuesOf(() => feed.forward(x)), [-3 * 0.0013498980316, 2 * 0.9772498680518], 1e-6);
    });
  },
);

test("heads must divide the width", () => {
  expect(() => new MultiHeadAttention({ width: 10, heads: 4 })).toThrow(
    new ShapeError("4 heads do not divide a width of 10"),
  );
  expect(() => new MultiHeadAttention({ width: 10, heads: 0 })).toThrow(ShapeError);
});

test("sinusoids of an odd width end with a sine", () => {
  const table = sinusoids(2, 3);
  expectClose(table, [0, 1, 0, Math.sin(1), Math.cos(1), Math.sin(1 / 10000 ** (2 / 3))], 1e-7);
});

test("a value in a message is short, whatever it is", () => {
  let deep: unknown = [];
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const values = [null, undefined, Number.NaN, 1.5, true, 'a "b"', "x".repeat(99), deep, { toString: 5 }];
  expect(values.map(showValue)).toEqual([
    "null",
    "undefined",
    "NaN",
    "1.5",
    "true",
    '"a \\"b\\""',
    `"${"x".repeat(40)}…"`,
    "a list",
    "an object",
  ]);
});
