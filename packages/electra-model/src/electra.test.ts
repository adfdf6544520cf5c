import { quantize } from "@bertkit/layers";
import { add, gelu, openReference, RandomStream, ShapeError, scale, tidy, UnsupportedError } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend, weightedSum } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Electra } from "./electra.js";
import { batchOf, tinyConfig, tinyElectra } from "./fixtures/tiny-electra.js";

async function hiddenOf(model: Electra, lengths: readonly number[]): Promise<number[]> {
  using hidden = tidy(() => model.forward(batchOf(lengths)).hidden);
  return [...(await hidden.read())];
}

describe.each(Object.entries({ reference: () => openReference(), wasm: () => openWasm() }))(
  "an ELECTRA on the %s backend",
  (_, open) => {
    const backend = useBackend(open);

    test("a sequence has the same numbers to the bit alone and in a batch", async () => {
      using model = tinyElectra(backend());
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
      using model = tinyElectra(backend());
      const exact = await hiddenOf(model, [7, 1, 12]);
      await quantize(model);
      const quantized = await hiddenOf(model.prepare(), [7, 1, 12]);
      const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      expect(dot(exact, quantized) / Math.sqrt(dot(exact, exact) * dot(quantized, quantized))).toBeGreaterThan(0.99);
    });

    test("token types and their order matter", async () => {
      using model = tinyElectra(backend());
      const batch = { ...batchOf([3]), typeIds: Int32Array.of(1, 0, 0) };
      using hidden = tidy(() => model.forward(batch).hidden);
      expect([...(await hidden.read())]).not.toEqual(await hiddenOf(model, [3]));
    });

    test("its pooler ends in exact GELU, and without one nothing is pooled", async () => {
      using model = tinyElectra(backend(), { activation: "relu" });
      const [pooled, expected] = tidy(() => {
        const output = model.forward(batchOf([1, 1]));
        return [output.pooled!, gelu(model.pooler!.forward(output.hidden))];
      });
      expectClose(await pooled.read(), await expected.read(), "float32");
      pooled.dispose();
      expected.dispose();
      using without = tinyElectra(backend(), { pooler: false });
      const output = without.forward(batchOf([3]));
      expect(output.pooled).toBeUndefined();
      output.hidden.dispose();
    });

    test("embeddings as wide as the blocks are not projected", () => {
      using model = tinyElectra(backend(), { embeddingWidth: 12 });
      expect(model.embeddings.project).toBeUndefined();
      using hidden = tidy(() => model.forward(batchOf([3])).hidden);
      expect(hidden.shape).toEqual([3, 12]);
    });
  },
);

describe("an ELECTRA", () => {
  const backend = useBackend(() => openReference({ precision: "float64" }));
  const small = { width: 4, embeddingWidth: 3, heads: 2, innerWidth: 5, maxPositions: 6 };

  test("has the gradient of finite differences", async () => {
    using model = tinyElectra(backend(), { ...small, hiddenDropout: 0.2, attentionDropout: 0.2 });
    const loss = () => {
      const { layers, pooled } = model.forward(batchOf([3, 1, 4]), { random: new RandomStream(3), layers: true });
      return scale([...layers, pooled!].map((tensor) => weightedSum(tensor)).reduce(add), 100);
    };
    await checkGradients(new Map(model.parameters()), loss, 3);
  });

  test("refuses a batch that does not fit, and keeps nothing of it", () => {
    using model = tinyElectra(backend());
    const before = backend().memory.buffers;
    expect(() => model.forward(batchOf([2, 49]))).toThrow(
      new ShapeError("sequence 1 has 49 tokens, this model takes 48: truncate it when tokenising"),
    );
    expect(() => model.forward({ ...batchOf([2]), ids: Int32Array.of(0, 30) })).toThrow(ShapeError);
    expect(() => model.forward({ ...batchOf([2]), typeIds: Int32Array.of(0, 2) })).toThrow(ShapeError);
    expect(() => model.forward({ ...batchOf([2]), offsets: Int32Array.of(0) })).toThrow(ShapeError);
    expect(backend().memory.buffers).toBe(before);
  });

  test("refuses a configuration that names no activation", () => {
    expect(() => new Electra({ ...tinyConfig, activation: "prelu" })).toThrow(UnsupportedError);
  });
});
