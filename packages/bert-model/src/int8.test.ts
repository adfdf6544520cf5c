import { type CheckpointSource, openCheckpoint } from "@bertkit/checkpoint";
import { precisionOf } from "@bertkit/encoder-family";
import { ConfigError, nameTable, quantize, SinusoidalEmbedding } from "@bertkit/layers";
import { openReference, tidy } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import type { Bert } from "./bert.js";
import { batchOf, checkpointOf, tinyBert, tinyConfig } from "./fixtures/tiny-bert.js";
import { loadBert } from "./load-bert.js";
import { googleRows } from "./names/google.js";
import { huggingFaceRows } from "./names/hugging-face.js";
import { saveBert } from "./save-bert.js";

const backend = useBackend(() => openReference());
const files = nameTable(huggingFaceRows, "bert.");

const valuesOf = (bert: Bert) =>
  Promise.all(Array.from(bert.parameters(), async ([path, parameter]) => [path, await parameter.read()] as const));

async function hiddenOf(bert: Bert, lengths: readonly number[], seeds?: readonly number[]): Promise<number[]> {
  using hidden = tidy(() => bert.forward(batchOf(lengths, seeds)).hidden);
  return [...(await hidden.read())];
}

async function saved(bert: Bert): Promise<CheckpointSource> {
  const pieces: Uint8Array[] = [];
  await saveBert({ write: (bytes) => void pieces.push(bytes.slice()) }, bert);
  return openCheckpoint(Buffer.concat(pieces));
}

describe("a BERT in int8", () => {
  test.each([
    ["Hugging Face's", files],
    ["Google's, transposed,", nameTable(googleRows)],
  ])("loaded from floats in %s spelling is the float one quantised", async (_, names) => {
    using floats = tinyBert(backend());
    await using source = await checkpointOf(floats, names, ["cls.predictions.bias"]);
    const { bert, unused } = await loadBert(source, tinyConfig, backend(), { precision: "int8" });
    using _bert = bert;
    expect([precisionOf(bert), precisionOf(floats), unused]).toEqual(["int8", "float32", ["cls.predictions.bias"]]);
    await quantize(floats);
    expect(await valuesOf(bert)).toEqual(await valuesOf(floats));
  });

  test("computes nearly what the floats compute, and a sequence the same in any batch", async () => {
    using bert = tinyBert(backend());
    const exact = await hiddenOf(bert, [7, 1, 12]);
    await quantize(bert);
    bert.prepare();
    const quantized = await hiddenOf(bert, [7, 1, 12]);
    const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const cosine = dot(exact, quantized) / Math.sqrt(dot(exact, exact) * dot(quantized, quantized));
    expect(cosine).toBeGreaterThan(0.99);
    expect(await hiddenOf(bert, [12], [2])).toEqual(quantized.slice(8 * tinyConfig.width));
  });

  test("leaves sinusoidal positions as they are", async () => {
    using floats = tinyBert(backend(), { positions: "sinusoidal" });
    await using source = await checkpointOf(floats, files);
    const config = { ...tinyConfig, positions: "sinusoidal" } as const;
    using bert = (await loadBert(source, config, backend(), { precision: "int8" })).bert;
    expect(bert.embeddings.position).toBeInstanceOf(SinusoidalEmbedding);
  });
});

describe("saveBert", () => {
  test("in int8 writes levels and scales, says so, and is loaded as int8 unasked, equal to the bit", async () => {
    using bert = tinyBert(backend());
    await quantize(bert);
    await using source = await saved(bert.prepare());
    expect(Object.fromEntries(source.metadata)).toEqual({ "bertkit.precision": "int8", "bertkit.format": "1" });
    expect(source.entries.get("encoder.layer.1.attention.self.query.weight")?.dtype).toBe("int8");
    expect(source.entries.get("encoder.layer.1.attention.self.query.scale")).toMatchObject({
      dtype: "float32",
      shape: [12],
    });
    expect(source.entries.get("embeddings.word_embeddings.scale")?.shape).toEqual([30]);
    expect(source.entries.get("embeddings.LayerNorm.weight")?.dtype).toBe("float32");
    for (const precision of [undefined, "int8"] as const) {
      const { bert: again, unused } = await loadBert(source, tinyConfig, backend(), { precision });
      using _again = again;
      expect([precisionOf(again), unused]).toEqual(["int8", []]);
      expect(await valuesOf(again)).toEqual(await valuesOf(bert));
      expect(await hiddenOf(again, [5, 9])).toEqual(await hiddenOf(bert, [5, 9]));
    }
  });

  test("in float32 writes what transformers reads", async () => {
    using bert = tinyBert(backend(), { pooler: false });
    await using source = await saved(bert);
    expect(Object.fromEntries(source.metadata)).toEqual({ format: "pt" });
    const { bert: again, unused } = await loadBert(source, { ...tinyConfig, pooler: false }, backend());
    using _again = again;
    expect(unused).toEqual([]);
    expect(await valuesOf(again)).toEqual(await valuesOf(bert));
  });
});

describe("loading int8 is refused, and nothing stays,", () => {
  async function refusal(source: CheckpointSource, precision?: "float32"): Promise<unknown> {
    const before = backend().memory;
    const error: unknown = await loadBert(source, tinyConfig, backend(), { precision }).then(
      () => "it loaded",
      (reason: unknown) => reason,
    );
    expect(backend().memory).toEqual(before);
    return error;
  }

  test("where float32 is asked for", async () => {
    using bert = tinyBert(backend());
    await quantize(bert);
    await using source = await saved(bert);
    const error = await refusal(source, "float32");
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain("float32 cannot be had back from them: load the model that they were made from");
  });

  test("where the file is of a later format", async () => {
    using bert = tinyBert(backend());
    await quantize(bert);
    await using source = await saved(bert);
    const later = { ...source, metadata: new Map([...source.metadata, ["bertkit.format", "2"]]) };
    expect(String(await refusal(later))).toBe(
      "ConfigError: precision: the weights are int8 of format 2, known is int8 of format 1: a later version may read them",
    );
  });

  test("where a precision is asked for that there is not", async () => {
    using bert = tinyBert(backend());
    await using source = await checkpointOf(bert, files);
    const error = await refusal(source, "int4" as "float32");
    expect(String(error)).toBe('ConfigError: precision: it is float32 or int8, got "int4"');
  });

  test("where scales are missing, which are then listed", async () => {
    using bert = tinyBert(backend());
    await quantize(bert);
    await using source = await saved(bert);
    const entries = new Map([...source.entries].filter(([name]) => !name.endsWith("query.scale")));
    expect(String(await refusal({ ...source, entries }))).toContain(
      "missing encoder.layer.0.attention.self.query.scale (for blocks.0.attention.query.scale); missing encoder.layer.1",
    );
  });
});
