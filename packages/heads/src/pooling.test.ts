import { type CheckpointSource, openCheckpoint } from "@bertkit/checkpoint";
import {
  type Backend,
  identity,
  lossAndGradients,
  openReference,
  ShapeError,
  sum,
  Tensor,
  tanh,
  tidy,
  unitLength,
} from "@bertkit/tensor";
import { expectClose, largestDifference, placed, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { dataPath, describeWithData, realRows, unpad } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { normals, rowsOf } from "./fixtures/encoded.js";
import { Dense, type PoolingMode, pool, poolingModes } from "./index.js";

// Five times what PyTorch's own float32 run is off (goldens' README): another order of summation has its own rounding.
const single = { unitLength: 5 * 4.9e-7, others: 5 * 3.0e-6 };
// Sums of a few dozen doubles in another order.
const double = { unitLength: 1e-12, others: 1e-12 };

const backends: Record<string, { open: () => Promise<Backend | undefined>; limits: typeof single }> = {
  "reference, float64": { open: async () => openReference({ precision: "float64" }), limits: double },
  reference: { open: async () => openReference(), limits: single },
  wasm: { open: () => openWasm(), limits: single },
};
const width = 48;

describeWithData("goldens/pooling", "the modules equal sentence-transformers'", () => {
  describe.each(Object.entries(backends))("%s", (_, { open, limits }) => {
    const backend = useBackend(open);

    test.each([
      ...poolingModes.map((mode) => [mode, mode, "others"] as const),
      ["normalize_of_mean", unitLength, "unitLength"],
      ["dense_identity_of_mean", identity, "others"],
      ["dense_tanh_of_mean", tanh, "others"],
    ] as const)("%s", async (name, step, limit) => {
      await using golden = await openCheckpoint(dataPath("goldens/pooling/modules.safetensors"));
      const real = unpad(await golden.read("attention_mask"), width);
      using hidden = rowsOf(backend(), width, realRows(await golden.read("token_embeddings_f64"), real, width));
      using dense = name.startsWith("dense") ? await denseOf(golden, backend(), step as typeof tanh) : undefined;
      using vectors = tidy(() => {
        if (typeof step === "string") return pool(step, hidden, real.offsets);
        const mean = pool("mean", hidden, real.offsets);
        return dense ? dense.forward(mean) : step(mean);
      });
      const expected = await golden.read(`${name}_f64`);
      expect(largestDifference(await vectors.read(), expected)).toBeLessThan(limits[limit]);
    });
  });
});

async function denseOf(golden: CheckpointSource, backend: Backend, activation: typeof tanh): Promise<Dense> {
  const dense = new Dense({ inputs: width, outputs: 16, bias: true, activation });
  dense.linear.weight.place(backend, await golden.read("dense_weight"));
  dense.linear.bias!.place(backend, await golden.read("dense_bias"));
  return dense;
}

describe.each(Object.entries(backends))("pooling on %s", (_, { open }) => {
  const backend = useBackend(open);
  const offsets = Int32Array.of(0, 5, 8);
  const hidden = () => rowsOf(backend(), 2, [1, -1, 2, 5, 4, -3, 8, 0, 16, 7, 3, 3, -2, 9, 5, 1]);

  const read = async (body: () => Tensor): Promise<number[]> => {
    using result = tidy(body);
    return [...(await result.read())];
  };

  test("of a single token every mode is that token", async () => {
    using token = rowsOf(backend(), 3, [1, -2, 0.5]);
    for (const mode of poolingModes) {
      expectClose(await read(() => pool(mode, token, Int32Array.of(0, 1))), [1, -2, 0.5], "float32");
    }
  });

  test("no sequences give no vectors", async () => {
    using none = Tensor.empty(backend(), [0, 3]);
    for (const mode of poolingModes) expect(await read(() => pool(mode, none, Int32Array.of(0)))).toEqual([]);
  });

  test("leaves out a prompt as sentence-transformers does, which weighs what is left by its place in the whole", async () => {
    // sentence_transformers 6.2, Pooling(2, mode, include_prompt=False) with prompt_length 2.
    const expected: Record<PoolingMode, number[]> = {
      cls: [4, -3, 5, 1],
      max: [16, 7, 5, 1],
      mean: [9.333333333333, 1.333333333333, 5, 1],
      mean_sqrt_len_tokens: [16.16580753731, 2.309401076759, 5, 1],
      weightedmean: [10.333333333333, 2.166666666667, 5, 1],
      lasttoken: [16, 7, 5, 1],
    };
    using x = hidden();
    for (const mode of poolingModes) {
      expectClose(await read(() => pool(mode, x, offsets, { skip: 2 })), expected[mode], "float32", mode);
    }
  });

  test("an empty sequence, one that a prompt fills, and half a token are errors in every mode", () => {
    using x = hidden();
    for (const mode of poolingModes) {
      const pooling = (ends: number[], skip?: number) => () =>
        tidy(() => pool(mode, x, Int32Array.from(ends), skip === undefined ? {} : { skip }));
      expect(pooling([0, 5, 5, 8])).toThrow(
        new ShapeError("pool: sequence 1 has 0 tokens, none left after the first 0"),
      );
      expect(pooling([0, 5, 8], 3)).toThrow(
        new ShapeError("pool: sequence 1 has 3 tokens, none left after the first 3"),
      );
      for (const skip of [0.5, -1, Number.NaN]) expect(pooling([0, 5, 8], skip)).toThrow(ShapeError);
    }
  });

  test("of equal largest elements the first gets the gradient", async () => {
    using x = placed(backend(), Float32Array.of(2, 1, 7, 3, 7, 3), [3, 2]);
    expect(await read(() => pool("max", x, Int32Array.of(0, 3)))).toEqual([7, 3]);
    using result = lossAndGradients([x], () => sum(pool("max", x, Int32Array.of(0, 3))));
    expect([...(await result.gradients.get(x)!.read())]).toEqual([0, 0, 1, 1, 0, 0]);
  });

  test("a sequence has the same vector to the bit, alone and in any batch", async () => {
    const lengths = [1, 7, 40, 2, 19];
    const ends = Int32Array.from([0, ...lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b))]);
    const values = normals(ends.at(-1)! * 9);
    using all = Tensor.from(backend(), values, [ends.at(-1)!, 9]);
    for (const mode of poolingModes) {
      const together = await read(() => pool(mode, all, ends));
      for (const [i, length] of lengths.entries()) {
        using own = Tensor.from(backend(), values.slice(ends[i]! * 9, ends[i + 1]! * 9), [length, 9]);
        const alone = await read(() => pool(mode, own, Int32Array.of(0, length)));
        expect(alone).toEqual(together.slice(i * 9, (i + 1) * 9));
      }
    }
  });
});
