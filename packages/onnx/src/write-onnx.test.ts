import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bert, type BertConfig } from "@bertkit/bert-model";
import { quantize } from "@bertkit/layers";
import { openReference, tidy } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type PaddedSequences, realValues, sequencesOf } from "./fixtures/padded.js";
import { readModel } from "./fixtures/read-model.js";
import { onnxBytes, tinyBert, tinyConfig } from "./fixtures/tiny-model.js";
import { type Rows, type RunOnnx, useOnnxruntime } from "./fixtures/use-onnxruntime.js";
import { writeOnnx } from "./write-onnx.js";

const limit = 1e-4;

/** The largest difference between ONNX Runtime's outputs and ours, at real tokens. */
async function differenceOf(run: RunOnnx, bert: Bert, batch: PaddedSequences): Promise<number> {
  const found = await run(await onnxBytes(bert), batch.feeds);
  const [hidden, pooled] = tidy(() => {
    const output = bert.forward(batch.packed);
    return output.pooled ? [output.hidden, output.pooled] : [output.hidden];
  });
  using _hidden = hidden;
  using _pooled = pooled;
  const differences = [largestDifference(realValues(batch, found.last_hidden_state!), await hidden!.read())];
  if (pooled) differences.push(largestDifference(found.pooler_output!.values, await pooled.read()));
  expect(Object.keys(found)).toEqual(pooled ? ["last_hidden_state", "pooler_output"] : ["last_hidden_state"]);
  return Math.max(...differences);
}

describe("ONNX Runtime computes what we compute", () => {
  const run = useOnnxruntime();
  const backends = { reference: () => openReference(), wasm: () => openWasm() };

  describe.each(Object.entries(backends))("on %s", (_, open) => {
    const backend = useBackend(open);

    test.each<readonly [string, Partial<BertConfig>]>([
      ["a BERT as it usually is", {}],
      ["sinusoidal positions", { positions: "sinusoidal" }],
      ["tokens that see only those before them", { causal: true }],
      ["no pooler", { pooler: false }],
      ["no blocks", { layers: 0 }],
      ["one head, an activation of two parts and a large epsilon", { heads: 1, activation: "mish", epsilon: 1e-3 }],
    ])("with %s, in float32 and in int8", async (_, fields) => {
      using bert = tinyBert(backend(), fields);
      const batch = sequencesOf([7, 1, 12, 3]);
      expect(await differenceOf(run, bert, batch)).toBeLessThan(limit);
      await quantize(bert);
      expect(await differenceOf(run, bert, batch)).toBeLessThan(limit);
    });
  });

  describe("for batches of any size", () => {
    const backend = useBackend(() => openReference());

    test("whatever their lengths are", async () => {
      using bert = tinyBert(backend());
      const lengths = fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 1, maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(lengths, fc.nat(), async (chosen, seed) => {
          expect(await differenceOf(run, bert, sequencesOf(chosen, seed))).toBeLessThan(limit);
        }),
        { numRuns: 20 },
      );
    });

    test.each([{ causal: false }, { causal: true }])(
      "numbers stay numbers where a row has no token, %j",
      async (fields) => {
        using bert = tinyBert(backend(), fields);
        const batch = sequencesOf([4, 4]);
        const mask: Rows = { values: [1, 1, 1, 1, 0, 0, 0, 0], shape: [2, 4] };
        const found = await run(await onnxBytes(bert), { ...batch.feeds, attention_mask: mask });
        expect(Array.from(found.last_hidden_state!.values).every(Number.isFinite)).toBe(true);
        const whole = await run(await onnxBytes(bert), batch.feeds);
        const first = (rows: Rows): number[] => Array.from(rows.values).slice(0, rows.values.length / 2);
        expect(first(found.last_hidden_state!)).toEqual(first(whole.last_hidden_state!));
      },
    );

    test("a sequence that is too long is refused, not computed", async () => {
      using bert = tinyBert(backend());
      await expect(run(await onnxBytes(bert), sequencesOf([25]).feeds)).rejects.toThrow("Non-zero status code");
    });
  });
});

describe("the file", () => {
  const backend = useBackend(() => openReference());

  test("is the same to the byte from any backend, prepared or not", async () => {
    using bert = tinyBert(backend());
    const bytes = await onnxBytes(bert);
    expect(await onnxBytes(bert)).toEqual(bytes);
    for (const open of [() => openReference({ precision: "float64" }), () => openWasm()]) {
      using other = (await open())!;
      expect(await onnxBytes(tinyBert(other).prepare())).toEqual(bytes);
    }
  });

  test("names what it has as Hugging Face does", async () => {
    using bert = tinyBert(backend(), { layers: 1 });
    const { opset, initializers, inputs, outputs, metadata } = readModel(
      await onnxBytes(bert, { metadata: { "bertkit.source": "a test" } }),
    );
    expect([opset, metadata]).toEqual([17, { "bertkit.source": "a test" }]);
    const shape = ["batch_size", "sequence_length"];
    expect(inputs).toEqual({ input_ids: shape, attention_mask: shape, token_type_ids: shape });
    expect(outputs).toEqual({ last_hidden_state: [...shape, 12], pooler_output: ["batch_size", 12] });
    const part = (name: string, out: number, into: number): [string, number[]][] => [
      [`${name}.weight`, [out, into]],
      [`${name}.bias`, [out]],
    ];
    const norm = (name: string): [string, number[]][] => [
      [`${name}.LayerNorm.weight`, [12]],
      [`${name}.LayerNorm.bias`, [12]],
    ];
    const layer = "encoder.layer.0";
    const weights = Object.entries(initializers).filter(([name]) => !/^(float32|int64) /.test(name));
    expect(Object.fromEntries(weights)).toEqual(
      Object.fromEntries([
        ["embeddings.word_embeddings.weight", [30, 12]],
        ["embeddings.position_embeddings.weight", [24, 12]],
        ["embeddings.token_type_embeddings.weight", [2, 12]],
        ...norm("embeddings"),
        ...["query", "key", "value"].flatMap((name) => part(`${layer}.attention.self.${name}`, 12, 12)),
        ...part(`${layer}.attention.output.dense`, 12, 12),
        ...norm(`${layer}.attention.output`),
        ...part(`${layer}.intermediate.dense`, 20, 12),
        ...part(`${layer}.output.dense`, 12, 20),
        ...norm(`${layer}.output`),
        ...part("pooler.dense", 12, 12),
      ]),
    );
  });

  test("in int8 is smaller by what the weights are", async () => {
    using bert = tinyBert(backend(), { vocabulary: 30_000 });
    const floats = await onnxBytes(bert);
    await quantize(bert);
    expect(floats.length - (await onnxBytes(bert)).length).toBeGreaterThan(2.5 * 30_000 * 12);
  });

  test("at a path is whole or not there", async () => {
    using bert = tinyBert(backend());
    const folder = await mkdtemp(join(tmpdir(), "onnx-"));
    try {
      const path = join(folder, "model.onnx");
      await writeFile(path, "what was there");
      const stopped = new AbortController();
      stopped.abort(new Error("enough"));
      await expect(writeOnnx(path, bert, { signal: stopped.signal })).rejects.toThrow("enough");
      expect([await readdir(folder), await readFile(path, "utf8")]).toEqual([["model.onnx"], "what was there"]);
      await writeOnnx(path, bert);
      expect(await readdir(folder)).toEqual(["model.onnx"]);
      expect((await readFile(path)).equals(await onnxBytes(bert))).toBe(true);
      await expect(writeOnnx(path, new Bert(tinyConfig))).rejects.toThrow("a parameter not yet loaded");
      expect(await readdir(folder)).toEqual(["model.onnx"]);
      await expect(writeOnnx(join(folder, "no", "model.onnx"), bert)).rejects.toMatchObject({ code: "missing" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("past 2 GiB is refused before anything is read", async () => {
    const large = new Bert({ ...tinyConfig, vocabulary: 2 ** 24, width: 48 });
    await expect(onnxBytes(large)).rejects.toThrow(
      /^an ONNX file holds at most 2147483647 bytes, this model has 32\d{8}: make it int8 with quantize, a quarter of that,/,
    );
  });

  test("is written piece by piece, and no further once that is stopped", async () => {
    using bert = tinyBert(backend());
    const stopping = new AbortController();
    let written = 0;
    const sink = {
      write: (bytes: Uint8Array) => {
        written += bytes.length;
        if (written > 10_000) stopping.abort(new Error("enough"));
      },
    };
    const whole = (await onnxBytes(bert)).length;
    await expect(writeOnnx(sink, bert, { signal: stopping.signal })).rejects.toThrow("enough");
    expect(written).toBeLessThan(whole);
  });
});
