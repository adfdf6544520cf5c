import { readFile } from "node:fs/promises";
import { type Bert, bertConfigFromHuggingFace, loadBert } from "@bertkit/bert-model";
import { openCheckpoint } from "@bertkit/checkpoint";
import {
  CausalLanguage,
  type LanguageDecoderOptions,
  MaskedLanguage,
  MultipleChoice,
  NextSentence,
  Pretraining,
  QuestionAnswering,
  readSentenceModules,
  SentenceEmbedding,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";
import { activationNamed, type NameRow, nameTable } from "@bertkit/layers";
import { openReference } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { type PaddedSequences, padded, realValues } from "./fixtures/padded.js";
import { onnxBytes } from "./fixtures/tiny-model.js";
import { type Rows, useOnnxruntime } from "./fixtures/use-onnxruntime.js";
import type { OnnxHead } from "./heads/onnx-head.js";

const limit = 1e-4;
const run = useOnnxruntime();

type Arrays = Readonly<Record<string, Rows>>;

async function arraysIn(...path: string[]): Promise<Arrays> {
  await using source = await openCheckpoint(dataPath("goldens", ...path));
  const arrays: Record<string, Rows> = {};
  for (const [name, { shape }] of source.entries) arrays[name] = { values: await source.read(name), shape };
  return arrays;
}

const jsonIn = async (...path: string[]): Promise<unknown> =>
  JSON.parse(await readFile(dataPath("goldens", ...path), "utf8"));

const configIn = async (folder: string[]) => bertConfigFromHuggingFace(await jsonIn(...folder, "config.json"));

/** What a model takes, out of a golden's inputs. */
const batchOf = ({ input_ids, attention_mask, token_type_ids }: Arrays): PaddedSequences =>
  padded({ input_ids: input_ids!, attention_mask: attention_mask!, token_type_ids: token_type_ids! });

function expectWithin(batch: PaddedSequences, found: Rows, expected: Rows): void {
  expect(found.shape).toEqual(expected.shape);
  expect(largestDifference(realValues(batch, found), realValues(batch, expected))).toBeLessThan(limit);
}

describeWithData("goldens/encoder", "ONNX Runtime computes Hugging Face's encoders", () => {
  const backend = useBackend(() => openReference());

  test.each(["gelu", "gelu_new", "relu", "silu"])("%s", async (activation) => {
    const folder = ["encoder", activation];
    await using source = await openCheckpoint(dataPath("goldens", ...folder, "model.safetensors"));
    const { bert } = await loadBert(source, await configIn(folder), backend());
    using _bert = bert;
    const batch = batchOf(await arraysIn("encoder", "inputs.safetensors"));
    const expected = await arraysIn(...folder, "outputs_f64.safetensors");
    const found = await run(await onnxBytes(bert), batch.feeds);
    for (const name of ["last_hidden_state", "pooler_output"]) expectWithin(batch, found[name]!, expected[name]!);
  });
});

type MadeHead = Exclude<OnnxHead, SentenceEmbedding>;

interface Case {
  readonly rows: readonly NameRow[];
  readonly outputs?: readonly string[];
  make(language: LanguageDecoderOptions, labels: number): MadeHead;
}

const languageRows = (prefix = ""): NameRow[] => [
  [`${prefix}decoder.transform`, "cls.predictions.transform.dense"],
  [`${prefix}decoder.norm`, "cls.predictions.transform.LayerNorm"],
  [`${prefix}decoder.bias`, "cls.predictions.bias"],
];

const labelsOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `label ${i}`);

const classification: Case = {
  rows: [["linear", "classifier"]],
  make: ({ width }, labels) => new SequenceClassification({ width, labels: labelsOf(labels) }),
};

const heads: Readonly<Record<string, Case>> = {
  masked_lm: { rows: languageRows(), make: (language) => new MaskedLanguage(language) },
  causal_lm: { rows: languageRows(), make: (language) => new CausalLanguage(language) },
  next_sentence: { rows: [["linear", "cls.seq_relationship"]], make: (options) => new NextSentence(options) },
  pretraining: {
    rows: [...languageRows("masked."), ["next.linear", "cls.seq_relationship"]],
    outputs: ["prediction_logits", "seq_relationship_logits"],
    make: (language) => new Pretraining(language),
  },
  sequence_single: classification,
  sequence_multi: classification,
  sequence_regression: classification,
  token: {
    rows: [["linear", "classifier"]],
    make: ({ width }, labels) => new TokenClassification({ width, labels: labelsOf(labels) }),
  },
  question_answering: {
    rows: [["linear", "qa_outputs"]],
    outputs: ["start_logits", "end_logits"],
    make: (options) => new QuestionAnswering(options),
  },
  multiple_choice: {
    rows: [["linear", "classifier"]],
    make: ({ width }) => new MultipleChoice({ width, choices: 4 }),
  },
};

describeWithData("goldens/heads", "ONNX Runtime computes Hugging Face's heads", () => {
  const backend = useBackend(() => openReference());

  test.each(Object.keys(heads))("%s", async (name) => {
    const folder = ["heads", name];
    const { rows, outputs = ["logits"], make } = heads[name]!;
    await using source = await openCheckpoint(dataPath("goldens", ...folder, "model.safetensors"));
    const { bert } = await loadBert(source, await configIn(folder), backend());
    using _bert = bert;
    using head = make(languageOf(bert), source.entries.get("classifier.weight")?.shape[0] ?? 0);
    await head.load(source, backend(), { names: nameTable(rows) });
    const batch = batchOf(await arraysIn(...folder, "inputs.safetensors"));
    const expected = await arraysIn(...folder, "outputs_f64.safetensors");
    const found = await run(await onnxBytes(bert, { head }), batch.feeds);
    expect(Object.keys(found)).toEqual(outputs);
    for (const output of outputs) expectWithin(batch, found[output]!, expected[output]!);
  });
});

function languageOf({ config, embeddings }: Bert): LanguageDecoderOptions {
  const { width, vocabulary, epsilon, activation } = config;
  return { width, vocabulary, epsilon, activation: activationNamed(activation), words: embeddings.word };
}

/** [the model's folder, where its texts' ids are, where their vectors are] */
const sentenceEncoders: readonly (readonly [folder: string, texts: string, vectors: string])[] = [
  ...["mean_normalize", "cls_dense_normalize", "max"].map(
    (name) => [`goldens/pooling/${name}`, "pooling/meta.json", `pooling/${name}/embeddings.safetensors`] as const,
  ),
  ["checkpoints/all-MiniLM-L6-v2", "minilm/texts.json", "minilm/embeddings.safetensors"],
];

describe.each(sentenceEncoders)("%s", (folder, texts, vectors) => {
  describeWithData(folder, "ONNX Runtime makes sentence-transformers' vectors", () => {
    const backend = useBackend(() => openReference());

    test("of some texts of all lengths", async () => {
      const file = (...path: string[]): string => dataPath(folder, ...path);
      const readJson = async (path: string): Promise<unknown> =>
        JSON.parse(await readFile(file(path), "utf8").catch(() => "{}"));
      const modules = await readSentenceModules(readJson);
      await using source = await openCheckpoint(file("model.safetensors"));
      const { bert } = await loadBert(source, bertConfigFromHuggingFace(await readJson("config.json")), backend());
      using _bert = bert;
      using embedding = new SentenceEmbedding(modules);
      for (const [i, stage] of modules.stages.filter((stage) => typeof stage === "object").entries()) {
        if (!("folder" in stage)) continue;
        await using dense = await openCheckpoint(file(stage.folder, "model.safetensors"));
        await embedding.dense[i]!.load(dense, backend());
      }
      const { input_ids } = (await jsonIn(texts)) as { input_ids: number[][] };
      const { values, shape } = (await arraysIn(vectors)).embeddings_f64!;
      const width = shape[1]!;
      const some = input_ids.flatMap((_, i) => (i % 10 === 0 ? [i] : []));
      const expected = some.flatMap((i) => Array.from({ length: width }, (_, x) => values[i * width + x]!));
      const batch = rowsOf(some.map((i) => input_ids[i]!));
      const found = await run(await onnxBytes(bert, { head: embedding }), batch.feeds);
      expectWithin(batch, found.sentence_embedding!, { values: expected, shape: [some.length, width] });
    });
  });
});

/** Texts of one kind of token each, padded to the longest. */
function rowsOf(texts: readonly (readonly number[])[]): PaddedSequences {
  const length = Math.max(...texts.map((ids) => ids.length));
  const shape = [texts.length, length];
  const perToken = (value: (ids: readonly number[], place: number) => number): Rows => ({
    values: texts.flatMap((ids) => Array.from({ length }, (_, place) => value(ids, place))),
    shape,
  });
  return padded({
    input_ids: perToken((ids, place) => ids[place] ?? 0),
    attention_mask: perToken((ids, place) => Number(place < ids.length)),
    token_type_ids: perToken(() => 0),
  });
}
