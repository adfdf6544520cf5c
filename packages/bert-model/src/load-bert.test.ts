import { CheckpointMismatchError, nameTable } from "@bertkit/layers";
import { openReference, RandomStream } from "@bertkit/tensor";
import { expectClose, useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { Bert } from "./bert.js";
import { checkpointOf, tinyBert, tinyConfig } from "./fixtures/tiny-bert.js";
import { loadBert } from "./load-bert.js";
import { googleRows } from "./names/google.js";
import { huggingFaceRows, oldHuggingFaceRows } from "./names/hugging-face.js";

const valuesOf = (bert: Bert) =>
  Promise.all(Array.from(bert.parameters(), async ([path, parameter]) => [path, await parameter.read()] as const));

describe("loadBert", () => {
  const backend = useBackend(() => openReference());

  test.each([
    ["Hugging Face's", nameTable(huggingFaceRows)],
    ["Hugging Face's with a prefix", nameTable(huggingFaceRows, "bert.")],
    ["the old one", nameTable(oldHuggingFaceRows, "bert.")],
    ["Google's", nameTable(googleRows)],
  ])("reads what a file in %s spelling holds", async (_, names) => {
    using written = tinyBert(backend());
    await using source = await checkpointOf(written, names, ["cls.predictions.bias"]);
    const { bert, unused } = await loadBert(source, tinyConfig, backend());
    using _bert = bert;
    expect(unused).toEqual(["cls.predictions.bias"]);
    expect(await valuesOf(bert)).toEqual(await valuesOf(written));
  });

  test("a file without a pooler gives a BERT without one; a configuration without one leaves the file's", async () => {
    using without = tinyBert(backend(), { pooler: false });
    await using small = await checkpointOf(without, nameTable(huggingFaceRows));
    const { bert } = await loadBert(small, tinyConfig, backend());
    using _bert = bert;
    expect([bert.pooler, bert.config.pooler]).toEqual([undefined, false]);

    using withPooler = tinyBert(backend());
    await using large = await checkpointOf(withPooler, nameTable(huggingFaceRows));
    const loaded = await loadBert(large, { ...tinyConfig, pooler: false }, backend());
    using _loaded = loaded.bert;
    expect([...loaded.unused].sort()).toEqual(["pooler.dense.bias", "pooler.dense.weight"]);
  });

  test("all that is missing or of another shape is listed in the file's own spelling, and nothing stays", async () => {
    using written = tinyBert(backend(), { layers: 1, vocabulary: 31 });
    await using source = await checkpointOf(written, nameTable(oldHuggingFaceRows, "bert."));
    const before = backend().memory;
    const error = await loadBert(source, tinyConfig, backend()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointMismatchError);
    const { problems } = error as CheckpointMismatchError;
    expect(problems).toHaveLength(1 + 16);
    expect(problems[0]).toBe(
      "bert.embeddings.word_embeddings.weight is [31, 12], embeddings.word.weight needs [30, 12]",
    );
    expect(problems.at(-1)).toBe(
      "missing bert.encoder.layer.1.output.LayerNorm.beta (for blocks.1.feedForwardNorm.bias)",
    );
    expect(backend().memory).toEqual(before);
  });

  test("half a pooler is an error, not a BERT without one", async () => {
    using written = tinyBert(backend(), { pooler: false });
    await using source = await checkpointOf(written, nameTable(huggingFaceRows), ["pooler.dense.bias"]);
    await expect(loadBert(source, tinyConfig, backend())).rejects.toThrow("missing pooler.dense.weight");
  });

  test("a signal stops it and nothing stays", async () => {
    using written = tinyBert(backend());
    await using source = await checkpointOf(written, nameTable(huggingFaceRows));
    const signal = AbortSignal.abort(new Error("enough"));
    const before = backend().memory;
    await expect(loadBert(source, tinyConfig, backend(), { signal })).rejects.toThrow("enough");
    expect(backend().memory).toEqual(before);
  });

  test("fresh weights are as Google's: within two deviations, LayerNorm 1 and 0", async () => {
    using bert = new Bert({ ...tinyConfig, initializerDeviation: 0.5 });
    bert.initialize(backend(), new RandomStream(1));
    const words = await bert.embeddings.word.weight.read();
    expect(Math.max(...words.map(Math.abs))).toBeLessThanOrEqual(1);
    // A normal cut at two deviations has 0.8796 of its deviation.
    expectClose([Math.hypot(...words) / Math.sqrt(words.length)], [0.5 * 0.8796], 0.05);
    expect(new Set(await bert.embeddings.norm.weight.read())).toEqual(new Set([1]));
    expect(new Set(await bert.pooler!.bias!.read())).toEqual(new Set([0]));
  });
});
