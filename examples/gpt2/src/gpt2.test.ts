import { openCheckpoint, serializeSafetensors } from "@bertkit/checkpoint";
import { adamw, lossAndGradients, openReference, RandomStream, tidy, zeros } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { openBackend } from "bertkit";
import { Gpt2, type Sequences } from "./gpt2.js";
import { gpt2Names, unstacked } from "./gpt2-weights.js";
import { write } from "./write.js";

const sizes = { vocabulary: 12, width: 16, heads: 2, blocks: 2, positions: 16 };
const pack = (...sequences: number[][]): Sequences => ({
  ids: Int32Array.from(sequences.flat()),
  positions: Int32Array.from(sequences.flatMap((ids) => [...ids.keys()])),
  offsets: Int32Array.of(0, ...sequences.map((_, i) => sequences.slice(0, i + 1).flat().length)),
});

describe.each(Object.entries({ reference: () => openReference(), wasm: () => openBackend({ device: "wasm" }) }))(
  "GPT-2 on the %s backend",
  (_, open) => {
    const backend = useBackend(open);

    test("a token's row depends on nothing after it and on no other sequence", async () => {
      using model = new Gpt2(sizes);
      model.initialize(backend(), new RandomStream(1));
      const rows = async (sequences: Sequences) => {
        using hidden = tidy(() => model.forward(sequences));
        return [...(await hidden.read())];
      };
      const alone = await rows(pack([3, 1, 4, 1, 5]));
      expect((await rows(pack([9, 2], [3, 1, 4, 1, 5]))).slice(2 * 16)).toEqual(alone);
      const other = await rows(pack([3, 1, 4, 7, 5]));
      expect(other.slice(0, 3 * 16)).toEqual(alone.slice(0, 3 * 16));
      expect(other.slice(3 * 16, 4 * 16)).not.toEqual(alone.slice(3 * 16, 4 * 16));
      expect(other.slice(4 * 16)).not.toEqual(alone.slice(4 * 16));
    });

    test("it learns a line by heart and writes it", async () => {
      const line = [0, 5, 3, 5, 8, 3, 11, 1];
      using model = new Gpt2(sizes);
      model.initialize(backend(), new RandomStream(2));
      const trained = Array.from(model.parameters(), ([, parameter]) => ({
        parameter,
        moments: { mean: zeros(backend(), parameter.shape), variance: zeros(backend(), parameter.shape) },
      }));
      const losses: number[] = [];
      for (let count = 1; count <= 40; count++) {
        using step = lossAndGradients(
          trained.map(({ parameter }) => parameter),
          () => model.loss(pack(line)),
        );
        for (const { parameter, moments } of trained) {
          const settings = { rate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, count };
          adamw(parameter, step.gradients.get(parameter)!, moments, settings);
        }
        losses.push((await step.loss.read())[0]!);
      }
      for (const { moments } of trained) for (const tensor of [moments.mean, moments.variance]) tensor.dispose();
      expect(losses[0]).toBeCloseTo(Math.log(sizes.vocabulary), 1);
      expect(losses.at(-1)!).toBeLessThan(losses[0]! / 10);
      expect(await write(model, line.slice(0, 2), 6)).toEqual(line.slice(2));
    });
  },
);

describe("the names of GPT-2's files", () => {
  const open = async (prefix = "") =>
    unstacked(
      await openCheckpoint(
        serializeSafetensors([
          { name: `${prefix}wte.weight`, shape: [1, 2], dtype: "float32", values: Float32Array.of(7, 8) },
          {
            name: `${prefix}h.0.attn.c_attn.weight`,
            shape: [2, 6],
            dtype: "float32",
            values: Float32Array.from({ length: 12 }, (_, i) => i),
          },
          {
            name: `${prefix}h.0.attn.c_attn.bias`,
            shape: [6],
            dtype: "float32",
            values: Float32Array.of(10, 11, 12, 13, 14, 15),
          },
        ]),
      ),
    );

  test("query, key and value are thirds of c_attn's columns, whole and by rows, into one's own memory too", async () => {
    await using source = await open();
    expect(source.entries.get("h.0.attn.key.weight")).toEqual({ shape: [2, 2], dtype: "float32" });
    expect(source.entries.has("h.0.attn.c_attn.weight")).toBe(false);
    expect([...(await source.read("h.0.attn.query.weight"))]).toEqual([0, 1, 6, 7]);
    expect([...(await source.read("h.0.attn.value.weight", { rows: [1, 2] }))]).toEqual([10, 11]);
    expect([...(await source.read("h.0.attn.key.bias"))]).toEqual([12, 13]);
    expect([...(await source.read("h.0.attn.value.bias", { rows: [1, 2] }))]).toEqual([15]);
    const into = new Float32Array(4);
    expect(await source.read("h.0.attn.key.weight", { into })).toBe(into);
    expect([...into]).toEqual([2, 3, 8, 9]);
    expect([...(await source.read("wte.weight"))]).toEqual([7, 8]);
  });

  test.each(["", "transformer."])("with %j before every name", async (prefix) => {
    await using source = await open(prefix);
    const names = gpt2Names(source);
    expect(names("tokens.weight")).toEqual({ name: `${prefix}wte.weight`, transposed: false });
    expect(names("blocks.3.attention.key.weight")).toEqual({ name: `${prefix}h.3.attn.key.weight`, transposed: true });
    expect(names("blocks.3.attention.key.bias")).toEqual({ name: `${prefix}h.3.attn.key.bias`, transposed: false });
  });
});
