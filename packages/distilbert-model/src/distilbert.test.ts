import { quantize, sinusoids } from "@bertkit/layers";
import { add, openReference, RandomStream, ShapeError, scale, tidy, UnsupportedError } from "@bertkit/tensor";
import { checkGradients, useBackend, weightedSum } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { distilBertConfig } from "./config.js";
import { DistilBert } from "./distilbert.js";
import { batchOf, tinyConfig, tinyDistilBert } from "./fixtures/tiny-distilbert.js";

async function hiddenOf(model: DistilBert, lengths: readonly number[]): Promise<number[]> {
  using hidden = tidy(() => model.forward(batchOf(lengths)).hidden);
  return [...(await hidden.read())];
}

describe.each(Object.entries({ reference: () => openReference(), wasm: () => openWasm() }))(
  "a DistilBERT on the %s backend",
  (_, open) => {
    const backend = useBackend(open);

    test("a sequence has the same numbers to the bit alone and in a batch", async () => {
      using model = tinyDistilBert(backend());
      const length = fc.integer({ min: 1, max: 20 });
      await fc.assert(
        fc.asyncProperty(fc.array(length, { maxLength: 3 }), length, async (before, own) => {
          const batched = await hiddenOf(model, [...before, own, 4]);
          const from = before.reduce((sum, n) => sum + n, 0) * tinyConfig.width;
          expect(batched.slice(from, from + own * tinyConfig.width)).toEqual(await hiddenOf(model, [own]));
        }),
        { numRuns: 20 },
      );
    });

    test("in int8 it computes nearly what the floats compute", async () => {
      using model = tinyDistilBert(backend());
      const exact = await hiddenOf(model, [7, 1, 12]);
      await quantize(model);
      const quantized = await hiddenOf(model.prepare(), [7, 1, 12]);
      const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      expect(dot(exact, quantized) / Math.sqrt(dot(exact, exact) * dot(quantized, quantized))).toBeGreaterThan(0.99);
    });

    test("token types are not looked at", async () => {
      using model = tinyDistilBert(backend());
      const batch = { ...batchOf([3]), typeIds: Int32Array.of(0, 7, -1) };
      using hidden = tidy(() => model.forward(batch).hidden);
      expect([...(await hidden.read())]).toEqual(await hiddenOf(model, [3]));
    });

    test("its pooler ends in ReLU, and without one nothing is pooled", async () => {
      using model = tinyDistilBert(backend());
      using pooled = tidy(() => model.forward(batchOf([3, 5])).pooled!);
      const values = await pooled.read();
      expect([pooled.shape, Math.min(...values)]).toEqual([[2, 12], 0]);
      using without = tinyDistilBert(backend(), { pooler: false });
      const output = without.forward(batchOf([3]));
      expect(output.pooled).toBeUndefined();
      output.hidden.dispose();
    });
  },
);

describe("a DistilBERT", () => {
  const backend = useBackend(() => openReference({ precision: "float64" }));
  const small = { width: 4, heads: 2, innerWidth: 5, maxPositions: 6 };

  test("has the gradient of finite differences", async () => {
    using model = tinyDistilBert(backend(), { ...small, hiddenDropout: 0.2, attentionDropout: 0.2 });
    const loss = () => {
      const { layers, pooled } = model.forward(batchOf([3, 1, 4]), { random: new RandomStream(3), layers: true });
      return scale([...layers, pooled!].map((tensor) => weightedSum(tensor)).reduce(add), 100);
    };
    await checkGradients(new Map(model.parameters()), loss, 3);
  });

  test("with fresh sinusoidal positions has the waves, and does not train them", async () => {
    using model = new DistilBert(distilBertConfig({ ...tinyConfig, positions: "sinusoidal" }));
    for (let turn = 0; turn < 2; turn++) {
      model.initialize(backend(), new RandomStream(1));
      const { weight } = model.embeddings.position;
      expect([weight.trainable, Float32Array.from(await weight.read())]).toEqual([false, sinusoids(48, 12)]);
    }
    expect(model.embeddings.word.weight.trainable).toBe(true);
  });

  test("refuses a batch that does not fit, and keeps nothing of it", () => {
    using model = tinyDistilBert(backend());
    const before = backend().memory.buffers;
    expect(() => model.forward(batchOf([2, 49]))).toThrow(
      new ShapeError("sequence 1 has 49 tokens, this model takes 48: truncate it when tokenising"),
    );
    expect(() => model.forward({ ...batchOf([2]), ids: Int32Array.of(0, 30) })).toThrow(ShapeError);
    expect(() => model.forward({ ...batchOf([2]), offsets: Int32Array.of(0) })).toThrow(ShapeError);
    expect(backend().memory.buffers).toBe(before);
  });

  test("refuses a configuration that names no activation", () => {
    expect(() => new DistilBert({ ...tinyConfig, activation: "prelu" })).toThrow(UnsupportedError);
  });
});
