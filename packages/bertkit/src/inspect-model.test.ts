import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyModelSizes, writeTinyModel } from "@bertkit-tooling/fixtures";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { changeConfig } from "./fixtures/change-model.js";
import { headedModels } from "./fixtures/tiny-models.js";
import { inspectModel } from "./inspect-model.js";
import { loadTokenizer } from "./load-tokenizer.js";
import type { TaskName } from "./tasks/task-heads.js";

let parent = "";
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "inspect-model-"));
});
afterAll(() => rm(parent, { recursive: true }));

test("a tiny sentence model says what it is, Dense and prompts included", async () => {
  const folder = join(parent, "tiny");
  await writeTinyModel(folder, { dense: 7, maxLength: 20, pooling: "max" });
  const info = await inspectModel(folder);
  expect(info).toMatchObject({
    model: folder,
    dtypes: ["float32"],
    architectures: ["BertModel"],
    purposes: ["sentence embedding (max pooling, Dense to 7, normalised)"],
    sentence: { poolings: ["max"], width: 7, maxLength: 20, normalized: true },
  });
  expect(info.bytes).toBe(4 * info.parameters);
  expect([...info.sentence.prompts]).toEqual([
    ["query", "query: "],
    ["passage", "passage: "],
  ]);
  const { vocabulary, width, layers, innerWidth, maxPositions } = info.config;
  const block = 4 * width * width + 2 * width * innerWidth + innerWidth + 5 * width + 4 * width;
  const embeddings = (vocabulary + maxPositions + tinyModelSizes.tokenTypes + 2) * width;
  const pooler = width * width + width;
  expect(info.parameters).toBe(embeddings + layers * block + pooler + 7 * width + 7);
});

test.each<[keyof typeof headedModels, string, readonly TaskName[], readonly string[]]>([
  ["pretrained", "pre-training (masked language and next sentence)", ["fill", "next"], []],
  ["masked", "filling masks", ["fill"], []],
  ["next", "next sentence prediction", ["next"], []],
  ["sentiment", "classifying texts", ["classify"], ["negative", "positive"]],
  ["reranker", "classifying texts", ["rank"], ["LABEL_0"]],
  ["tagger", "tagging tokens", ["tag"], ["O", "B-PER", "I-PER"]],
  ["squad", "answering questions from a text", ["answer"], []],
])("a tiny model names its tasks and labels: %s", async (name, purpose, tasks, labels) => {
  const folder = join(parent, name);
  await writeTinyModel(folder, headedModels[name]);
  expect(await inspectModel(folder)).toMatchObject({ purposes: [purpose], tasks, labels });
});

test.each([
  ["RobertaForSequenceClassification", ["classifying texts"]],
  ["AlbertForPreTraining", ["pre-training (masked language and sentence order)"]],
  ["XLMRobertaForCausalLM", ["writing on (causal language model)"]],
  ["BertModel", []],
])("a class of transformers says what a model of any family is for: %s", async (architecture, purposes) => {
  const folder = join(parent, architecture);
  await writeTinyModel(folder, { head: "BertForMaskedLM" });
  await changeConfig(folder, { architectures: [architecture] });
  expect(await inspectModel(folder)).toMatchObject({ purposes });
});

test("a folder that is no model's is an error", async () => {
  await expect(inspectModel(parent)).rejects.toThrow(/neither a config\.json nor/);
  await expect(inspectModel(join(parent, "nowhere"))).rejects.toThrow(/no folder/);
  await expect(loadTokenizer(parent)).rejects.toThrow(/neither a tokenizer\.json nor a vocab\.txt/);
});

describeWithData("checkpoints/all-MiniLM-L6-v2", "all-MiniLM-L6-v2", () => {
  test("has 22.7 million parameters in float32, mean pooling, 256 tokens", async () => {
    const info = await inspectModel(dataPath("checkpoints/all-MiniLM-L6-v2"));
    expect(info.parameters).toBe(22_713_216);
    expect(info.bytes).toBe(4 * 22_713_216);
    expect(info.sentence).toMatchObject({ poolings: ["mean"], width: 384, maxLength: 256, normalized: true });
    expect(info.purposes).toEqual(["sentence embedding (mean pooling, normalised)"]);
  });
});
