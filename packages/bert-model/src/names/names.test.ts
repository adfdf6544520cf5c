import { openCheckpoint } from "@bertkit/checkpoint";
import { findNames } from "@bertkit/encoder-family";
import { type NameTable, nameTable } from "@bertkit/layers";
import { UnsupportedError } from "@bertkit/tensor";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { Bert } from "../bert.js";
import { bertFamily } from "../bert-family.js";
import { tinyConfig } from "../fixtures/tiny-bert.js";
import { googleRows } from "./google.js";
import { huggingFaceRows, oldHuggingFaceRows } from "./hugging-face.js";

// Two digits, so that layer 1 and layer 11 are told apart.
const paths = Array.from(new Bert({ ...tinyConfig, layers: 12 }).parameters(), ([path]) => path);

const norms = ["attention.output.LayerNorm", "output.LayerNorm"];
const denses = ["attention.self.query", "attention.self.key", "attention.self.value"].concat([
  "attention.output.dense",
  "intermediate.dense",
  "output.dense",
]);
const layers = Array.from({ length: 12 }, (_, i) => i);

/** As transformers' BertModel has them. */
const huggingFaceNames = [
  ...["word_embeddings", "position_embeddings", "token_type_embeddings"].map((name) => `embeddings.${name}.weight`),
  "embeddings.LayerNorm.weight",
  "embeddings.LayerNorm.bias",
  ...layers.flatMap((layer) =>
    [...denses, ...norms].flatMap((part) => [
      `encoder.layer.${layer}.${part}.weight`,
      `encoder.layer.${layer}.${part}.bias`,
    ]),
  ),
  "pooler.dense.weight",
  "pooler.dense.bias",
];

/** As google-research/bert has them. */
const googleNames = [
  ...["word_embeddings", "position_embeddings", "token_type_embeddings"].map((name) => `bert/embeddings/${name}`),
  "bert/embeddings/LayerNorm/gamma",
  "bert/embeddings/LayerNorm/beta",
  ...layers.flatMap((layer) => [
    ...denses.flatMap((part) =>
      ["kernel", "bias"].map((kind) => `bert/encoder/layer_${layer}/${part.replaceAll(".", "/")}/${kind}`),
    ),
    ...norms.flatMap((part) =>
      ["gamma", "beta"].map((kind) => `bert/encoder/layer_${layer}/${part.replaceAll(".", "/")}/${kind}`),
    ),
  ]),
  "bert/pooler/dense/kernel",
  "bert/pooler/dense/bias",
];

const oldNames = huggingFaceNames.map((name) =>
  name.includes("LayerNorm") ? name.replace(/weight$/, "gamma").replace(/bias$/, "beta") : name,
);

const spellings: readonly (readonly [string, NameTable, readonly string[]])[] = [
  ["Hugging Face's", nameTable(huggingFaceRows), huggingFaceNames],
  ["Hugging Face's old", nameTable(oldHuggingFaceRows), oldNames],
  ["Google's", nameTable(googleRows), googleNames],
];

const namesOf = (table: NameTable, prefix = ""): string[] => paths.map((path) => prefix + table(path).name);

describe.each(spellings)("%s spelling", (_, table, expected) => {
  test("has exactly one name for every parameter of a BERT, and they are the real ones", () => {
    expect(new Set(namesOf(table)).size).toBe(paths.length);
    expect(namesOf(table).sort()).toEqual([...expected].sort());
  });

  test.each(["classifier.weight", "blocks.0.gate.weight", "embeddings.waves.weight"])("has no name for %s", (path) => {
    expect(() => table(path)).toThrow(UnsupportedError);
  });
});

test("Google's kernels are transposed, nothing else is", () => {
  const table = nameTable(googleRows);
  for (const path of paths) {
    const { name, transposed } = table(path);
    expect([path, transposed]).toEqual([path, name.endsWith("/kernel")]);
  }
  for (const path of paths) expect(nameTable(oldHuggingFaceRows)(path).transposed).toBe(false);
});

describe("findNames", () => {
  const [huggingFace, old, google] = spellings.map(([, table]) => table) as [NameTable, NameTable, NameTable];

  test.each([
    ["plain", namesOf(huggingFace)],
    ["with a prefix", namesOf(huggingFace, "bert.")],
    ["saved from DataParallel", namesOf(huggingFace, "module.")],
    ["saved from DataParallel with a prefix", namesOf(huggingFace, "module.bert.")],
    ["old", namesOf(old)],
    ["old with a prefix", namesOf(old, "bert.")],
    ["Google's", namesOf(google)],
    ["this project's own", paths],
  ])("finds %s", (_, names) => {
    const others = ["cls.predictions.bias", "global_step", "embeddings.position_ids"];
    expect(namesOf(findNames(bertFamily.spellings, paths, new Set([...others, ...names])))).toEqual(names);
  });

  test("finds the spelling of a file in which some arrays are missing", () => {
    const names = namesOf(old, "bert.");
    expect(namesOf(findNames(bertFamily.spellings, paths, new Set(names.slice(3, 20))))).toEqual(names);
  });

  test("does not know what a BERT has not", () => {
    expect(() => findNames(bertFamily.spellings, ["classifier.weight"], new Set())).toThrow(UnsupportedError);
  });

  test("a file of something else is read as the plain spelling, whose names are then reported missing", () => {
    expect(namesOf(findNames(bertFamily.spellings, paths, new Set(["wte.weight"])))).toEqual(namesOf(huggingFace));
  });
});

describeWithData("goldens/formats", "the names in real files", () => {
  test.each(["safetensors", "safetensors-sharded", "safetensors-bf16", "safetensors-f16"])("%s", async (folder) => {
    await using source = await openCheckpoint(dataPath("goldens/formats", folder));
    const two = paths.filter((path) => !/blocks\.([2-9]|1\d)\./.test(path));
    const table = findNames(bertFamily.spellings, two, source.entries);
    const names = two.map((path) => table(path).name);
    const encoders = [...source.entries.keys()].filter((name) => name.startsWith("bert."));
    expect(names.sort()).toEqual(encoders.sort());
  });
});
