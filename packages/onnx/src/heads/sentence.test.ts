import { poolingModes, SentenceEmbedding, type SentenceModules } from "@bertkit/heads";
import { quantize } from "@bertkit/layers";
import { gelu, openReference, relu, scale, type Tensor, tanh, tidy } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { withRandomParameters } from "@bertkit-tooling/family-tests";
import { describe, expect, test } from "@jest/globals";
import { type PaddedSequences, sequencesOf } from "../fixtures/padded.js";
import { onnxBytes, tinyBert, tinyConfig } from "../fixtures/tiny-model.js";
import { type Rows, useOnnxruntime } from "../fixtures/use-onnxruntime.js";

type Modules = Pick<SentenceModules, "poolings" | "stages">;

const { width } = tinyConfig;
const dense = { inputs: width, outputs: 6, bias: true, activation: tanh, folder: "2_Dense" };

const modules: Readonly<Record<string, Modules>> = {
  ...Object.fromEntries(poolingModes.map((mode) => [mode, { poolings: [mode], stages: [] }])),
  "all poolings side by side, cut": { poolings: poolingModes, stages: [{ dimensions: 30 }, "normalize"] },
  "mean, Dense and length 1": { poolings: ["mean"], stages: [dense, "normalize"] },
  "Dense layers that add what they read, through a map or as it is": {
    poolings: ["cls"],
    stages: [
      { ...dense, activation: gelu, residual: true },
      { ...dense, inputs: 6, bias: false, activation: relu, residual: true },
    ],
  },
};

describe("ONNX Runtime makes the vectors that we make", () => {
  const run = useOnnxruntime();
  const backend = useBackend(() => openReference());
  const batch = sequencesOf([7, 1, 12, 3]);

  async function vectorsOf(made: Modules, int8: boolean, { feeds, packed }: PaddedSequences) {
    using bert = tinyBert(backend(), { pooler: false });
    if (int8) await quantize(bert);
    using embedding = withRandomParameters(backend(), new SentenceEmbedding(made));
    const found = await run(await onnxBytes(bert, { head: embedding }), feeds);
    using expected = tidy(() => embedding.forward(bert.forward(packed)));
    return { found, expected: { values: await expected.read(), shape: expected.shape } satisfies Rows };
  }

  test.each(Object.keys(modules))("%s", async (name) => {
    for (const int8 of [false, true]) {
      const { found, expected } = await vectorsOf(modules[name]!, int8, batch);
      expect(Object.keys(found)).toEqual(["last_hidden_state", "sentence_embedding"]);
      expect(found.last_hidden_state!.shape).toEqual([4, 12, width]);
      expect(found.sentence_embedding!.shape).toEqual(expected.shape);
      expect(largestDifference(found.sentence_embedding!.values, expected.values)).toBeLessThan(1e-4);
    }
  });

  test.each(poolingModes)("a row without a token has a vector of numbers, pooled by %s", async (mode) => {
    const made: Modules = { poolings: [mode], stages: ["normalize"] };
    using bert = tinyBert(backend());
    using embedding = new SentenceEmbedding(made);
    const attention_mask = { values: new Int32Array(4 * 12), shape: [4, 12] };
    const model = await onnxBytes(bert, { head: embedding });
    const found = await run(model, { ...batch.feeds, attention_mask });
    expect(Array.from(found.sentence_embedding!.values).every(Number.isFinite)).toBe(true);
  });
});

describe("modules that cannot be written", () => {
  const backend = useBackend(() => openReference());

  async function problemOf(made: Modules): Promise<unknown> {
    using bert = tinyBert(backend());
    using embedding = withRandomParameters(backend(), new SentenceEmbedding(made));
    return onnxBytes(bert, { head: embedding }).catch((error: unknown) => error);
  }

  test("are those with an activation without a name", async () => {
    const halved = (x: Tensor): Tensor => scale(x, 0.5);
    const stages = [{ ...dense, activation: halved }];
    expect(await problemOf({ poolings: ["mean"], stages })).toMatchObject({
      message: expect.stringContaining("halved has no form in ONNX"),
    });
  });

  test("are those of another width than the encoder's", async () => {
    expect(await problemOf({ poolings: ["mean", "max"], stages: [dense] })).toMatchObject({
      message: expect.stringContaining("a Dense layer was made for a width of 12, it stands on one of 24"),
    });
  });
});
