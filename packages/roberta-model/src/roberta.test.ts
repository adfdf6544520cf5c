import { precisionOf } from "@bertkit/encoder-family";
import { quantize } from "@bertkit/layers";
import { add, lossAndGradients, openReference, ShapeError, tidy } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend, weightedSum } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { batchOf, tinyConfig, tinyRoberta } from "./fixtures/tiny-roberta.js";
import type { Roberta } from "./roberta.js";

/** Hidden states, then pooled vectors. */
async function numbersOf(roberta: Roberta, batch = batchOf([5, 2])): Promise<[Float32Array, Float32Array]> {
  const [hidden, pooled] = tidy(() => {
    const output = roberta.forward(batch);
    return [output.hidden, output.pooled!] as const;
  });
  using _hidden = hidden;
  using _pooled = pooled;
  return [Float32Array.from(await hidden.read()), Float32Array.from(await pooled.read())];
}

describe.each(Object.entries({ reference: () => openReference(), wasm: () => openWasm() }))(
  "a RoBERTa on the %s backend",
  (_, open) => {
    const backend = useBackend(open);

    test("gives hidden states and a pooled vector, and what it is asked to keep", () => {
      using roberta = tinyRoberta(backend());
      tidy(() => {
        const { hidden, layers, attention, pooled } = roberta.forward(batchOf([3, 1]), {
          layers: true,
          attention: "scores",
        });
        expect([hidden.shape, pooled!.shape]).toEqual([
          [4, 12],
          [2, 12],
        ]);
        expect(layers.map(({ shape }) => shape)).toEqual(Array.from({ length: 3 }, () => [4, 12]));
        expect(attention.map(({ shape }) => shape)).toEqual(Array.from({ length: 2 }, () => [3 * (9 + 1)]));
        expect(layers.at(-1)).toBe(hidden);
        return [];
      });
    });

    test("the first position is the row after the padding id's: those before it change no number", async () => {
      using roberta = tinyRoberta(backend());
      const table = roberta.embeddings.position.weight;
      expect(table.shape).toEqual([tinyConfig.positionOffset + tinyConfig.maxPositions, tinyConfig.width]);
      const before = await numbersOf(roberta);
      const values = await table.read();
      table.write(values.map((value, i) => (i < 2 * tinyConfig.width ? 1000 : value)));
      expect(await numbersOf(roberta)).toEqual(before);
      table.write(values.map((value, i) => (i < 3 * tinyConfig.width ? 1000 : value)));
      expect(await numbersOf(roberta)).not.toEqual(before);
    });

    test("takes a sequence as long as its configuration says", async () => {
      using roberta = tinyRoberta(backend());
      const [hidden] = await numbersOf(roberta, batchOf([tinyConfig.maxPositions]));
      expect(hidden).toHaveLength(tinyConfig.maxPositions * tinyConfig.width);
    });

    test("causal: a token sees only those before it", async () => {
      using roberta = tinyRoberta(backend(), { causal: true });
      const whole = batchOf([6]);
      const [all] = await numbersOf(roberta, whole);
      const [some] = await numbersOf(roberta, { ...batchOf([4]), ids: whole.ids.slice(0, 4) });
      expectClose(all.slice(0, 4 * tinyConfig.width), some, "float32");
    });

    test("without a pooler there is no pooled vector, without blocks the embeddings are all", () => {
      using roberta = tinyRoberta(backend(), { pooler: false, layers: 0 });
      tidy(() => {
        const { hidden, layers, pooled } = roberta.forward(batchOf([3]), { layers: true });
        expect([pooled, layers]).toEqual([undefined, [hidden]]);
        return [];
      });
    });

    test("a sequence has the same numbers to the bit, whatever it is batched with", async () => {
      using roberta = tinyRoberta(backend());
      const length = fc.integer({ min: 1, max: 40 });
      await fc.assert(
        fc.asyncProperty(length, fc.array(length, { maxLength: 3 }), length, async (own, before, after) => {
          const [hidden, pooled] = await numbersOf(roberta, batchOf([own]));
          const [hiddenAmongOthers, pooledAmongOthers] = await numbersOf(roberta, batchOf([...before, own, after]));
          const { width } = tinyConfig;
          const from = before.reduce((sum, n) => sum + n, 0) * width;
          expect(hiddenAmongOthers.subarray(from, from + own * width)).toEqual(hidden);
          expect(pooledAmongOthers.subarray(before.length * width, (before.length + 1) * width)).toEqual(pooled);
        }),
        { numRuns: 15 },
      );
    });

    test("in int8 computes nearly what the floats compute", async () => {
      using roberta = tinyRoberta(backend());
      const batch = batchOf([7, 1, 12]);
      const [exact] = await numbersOf(roberta, batch);
      await quantize(roberta);
      roberta.prepare();
      expect(precisionOf(roberta)).toBe("int8");
      const [rounded] = await numbersOf(roberta, batch);
      expect(cosineOf(exact, rounded)).toBeGreaterThan(0.99);
    });
  },
);

function cosineOf(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe("the gradient of a whole RoBERTa", () => {
  const reference = useBackend(() => openReference({ precision: "float64" }));
  const wasm = useBackend(() => openWasm());
  const small = { vocabulary: 30, width: 4, heads: 2, innerWidth: 5, maxPositions: 6 };
  const lossOf = (roberta: Roberta) => {
    const { hidden, pooled } = roberta.forward(batchOf([3, 1, 4]));
    return add(weightedSum(hidden), weightedSum(pooled!));
  };

  test("equals finite differences", async () => {
    using roberta = tinyRoberta(reference(), small);
    await checkGradients(new Map(roberta.parameters()), () => lossOf(roberta), 3);
  });

  test("is on the wasm backend what it is on the reference", async () => {
    using expected = tinyRoberta(reference(), small);
    using actual = tinyRoberta(wasm(), small);
    const parameters = new Map(actual.parameters());
    using found = lossAndGradients(parameters.values(), () => lossOf(actual));
    using truth = lossAndGradients(
      Array.from(expected.parameters(), ([, parameter]) => parameter),
      () => lossOf(expected),
    );
    for (const [path, parameter] of expected.parameters()) {
      const gradient = found.gradients.get(parameters.get(path)!)!;
      expectClose(await gradient.read(), await truth.gradients.get(parameter)!.read(), "float32", path);
    }
  });
});

describe("a batch that does not fit is refused, and nothing is left of it", () => {
  const backend = useBackend(() => openReference());
  const batch = batchOf([2, 3]);

  test.each([
    [{ offsets: Int32Array.of(0, 4) }, "a packed batch needs offsets that rise from 0 to its 5 tokens"],
    [{ ids: Int32Array.of(0, 1, 30, 2, 3) }, "Embedding: id 30 at 2 is not one of 30 rows (0 … 29)"],
    [{ typeIds: Int32Array.of(0, 1, 0, 0, 0) }, "Embedding: id 1 at 1 is not one of 1 rows (0 … 0)"],
    [{ positions: Int32Array.of(0, 48, 0, 0, 0) }, "position 48 at 1 is not one of 48 (0 … 47)"],
    [{ positions: Int32Array.of(0, 1, 2, -1, 0) }, "position -1 at 3 is not one of 48 (0 … 47)"],
  ])("%j", (wrong, message) => {
    using roberta = tinyRoberta(backend());
    const before = backend().memory.buffers;
    expect(() => roberta.forward({ ...batch, ...wrong })).toThrow(message);
    expect(() => roberta.forward({ ...batch, ...wrong })).toThrow(ShapeError);
    expect(backend().memory.buffers).toBe(before);
  });

  test("a sequence longer than the model takes", () => {
    using roberta = tinyRoberta(backend());
    expect(() => roberta.forward(batchOf([2, 49]))).toThrow(
      new ShapeError("sequence 1 has 49 tokens, this model takes 48: truncate it when tokenising"),
    );
  });
});
