import { precisionOf } from "@bertkit/encoder-family";
import { quantize } from "@bertkit/layers";
import { add, lossAndGradients, openReference, ShapeError, tidy } from "@bertkit/tensor";
import { checkGradients, expectClose, useBackend, weightedSum } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Albert } from "./albert.js";
import { batchOf, tinyAlbert, tinyConfig } from "./fixtures/tiny-albert.js";

/** Hidden states, then pooled vectors. */
async function numbersOf(albert: Albert, lengths: readonly number[]): Promise<[Float32Array, Float32Array]> {
  const [hidden, pooled] = tidy(() => {
    const output = albert.forward(batchOf(lengths));
    return [output.hidden, output.pooled!] as const;
  });
  using _hidden = hidden;
  using _pooled = pooled;
  return [Float32Array.from(await hidden.read()), Float32Array.from(await pooled.read())];
}

describe.each(Object.entries({ reference: () => openReference(), wasm: () => openWasm() }))(
  "an ALBERT on the %s backend",
  (_, open) => {
    const backend = useBackend(open);

    test("gives what it is asked to keep of every block that it runs", () => {
      using albert = tinyAlbert(backend());
      tidy(() => {
        const { hidden, layers, attention, pooled } = albert.forward(batchOf([3, 1]), {
          layers: true,
          attention: "scores",
        });
        expect([hidden.shape, pooled!.shape]).toEqual([
          [4, 12],
          [2, 12],
        ]);
        expect(layers.map(({ shape }) => shape)).toEqual(Array.from({ length: 7 }, () => [4, 12]));
        expect(attention.map(({ shape }) => shape)).toEqual(Array.from({ length: 6 }, () => [3 * (9 + 1)]));
        expect(layers.at(-1)).toBe(hidden);
        return [];
      });
    });

    test("layers with a group each compute what layers that share one do, where the groups hold the same", async () => {
      using shared = tinyAlbert(backend(), { groups: 1 });
      using apart = tinyAlbert(backend(), { groups: 3 });
      const parameters = new Map(shared.parameters());
      for (const [path, parameter] of apart.parameters()) {
        parameter.write(await parameters.get(path.replace(/^groups\.\d/, "groups.0"))!.read());
      }
      expect(await numbersOf(apart, [5, 2])).toEqual(await numbersOf(shared, [5, 2]));
    });

    test("without a pooler there is no pooled vector, without layers the embeddings are all", () => {
      using albert = tinyAlbert(backend(), { pooler: false, layers: 0 });
      tidy(() => {
        const { hidden, layers, pooled } = albert.forward(batchOf([3]), { layers: true });
        expect([pooled, layers, hidden.shape]).toEqual([undefined, [hidden], [3, 12]]);
        return [];
      });
    });

    test("a sequence has the same numbers to the bit, whatever it is batched with", async () => {
      using albert = tinyAlbert(backend());
      const length = fc.integer({ min: 1, max: 40 });
      await fc.assert(
        fc.asyncProperty(length, fc.array(length, { maxLength: 3 }), length, async (own, before, after) => {
          const [hidden, pooled] = await numbersOf(albert, [own]);
          const [hiddenAmongOthers, pooledAmongOthers] = await numbersOf(albert, [...before, own, after]);
          const { width } = tinyConfig;
          const from = before.reduce((sum, n) => sum + n, 0) * width;
          expect(hiddenAmongOthers.subarray(from, from + own * width)).toEqual(hidden);
          expect(pooledAmongOthers.subarray(before.length * width, (before.length + 1) * width)).toEqual(pooled);
        }),
        { numRuns: 15 },
      );
    });

    test("in int8 computes nearly what the floats compute", async () => {
      using albert = tinyAlbert(backend());
      const [exact] = await numbersOf(albert, [7, 1, 12]);
      await quantize(albert);
      albert.prepare();
      expect(precisionOf(albert)).toBe("int8");
      const [rounded] = await numbersOf(albert, [7, 1, 12]);
      expect(cosineOf(exact, rounded)).toBeGreaterThan(0.99);
    });
  },
);

function cosineOf(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test("neighbouring layers share a group, as many as there are layers for each", () => {
  const groupsOf = (layers: number, groups: number): number[] => {
    using albert = tinyAlbert(backend, { layers, groups, blocksPerLayer: 1 });
    return albert.blocks.map((block) => albert.groups.findIndex(({ blocks }) => blocks[0] === block));
  };
  using backend = openReference();
  expect(groupsOf(4, 1)).toEqual([0, 0, 0, 0]);
  expect(groupsOf(4, 2)).toEqual([0, 0, 1, 1]);
  expect(groupsOf(5, 2)).toEqual([0, 0, 0, 1, 1]);
  expect(groupsOf(3, 3)).toEqual([0, 1, 2]);
  expect(groupsOf(0, 1)).toEqual([]);
});

describe("the gradient of a whole ALBERT", () => {
  const reference = useBackend(() => openReference({ precision: "float64" }));
  const wasm = useBackend(() => openWasm());
  const small = { vocabulary: 30, embeddingWidth: 3, width: 4, heads: 2, innerWidth: 5, maxPositions: 6 };
  const lossOf = (albert: Albert) => {
    const { hidden, pooled } = albert.forward(batchOf([3, 1, 4]));
    return add(weightedSum(hidden), weightedSum(pooled!));
  };

  test("equals finite differences, each shared parameter's being the sum over its layers", async () => {
    using albert = tinyAlbert(reference(), small);
    await checkGradients(new Map(albert.parameters()), () => lossOf(albert), 3);
  });

  test("is on the wasm backend what it is on the reference", async () => {
    using expected = tinyAlbert(reference(), small);
    using actual = tinyAlbert(wasm(), small);
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
    [{ typeIds: Int32Array.of(0, 2, 0, 0, 0) }, "Embedding: id 2 at 1 is not one of 2 rows (0 … 1)"],
    [{ positions: Int32Array.of(0, 48, 0, 0, 0) }, "Embedding: id 48 at 1 is not one of 48 rows (0 … 47)"],
  ])("%j", (wrong, message) => {
    using albert = tinyAlbert(backend());
    const before = backend().memory.buffers;
    expect(() => albert.forward({ ...batch, ...wrong })).toThrow(message);
    expect(backend().memory.buffers).toBe(before);
  });

  test("a sequence longer than the model takes", () => {
    using albert = tinyAlbert(backend());
    expect(() => albert.forward(batchOf([2, 49]))).toThrow(
      new ShapeError("sequence 1 has 49 tokens, this model takes 48: truncate it when tokenising"),
    );
  });
});
