import { albertFamily } from "@bertkit/albert-model";
import { openCheckpoint } from "@bertkit/checkpoint";
import { distilBertFamily } from "@bertkit/distilbert-model";
import { electraFamily, findReplacedTokenNames, ReplacedTokenDetection } from "@bertkit/electra-model";
import {
  type ConfiguredEncoder,
  type EncoderFamily,
  findHeadNames,
  type HeadName,
  loadEncoder,
} from "@bertkit/encoder-family";
import {
  MaskedLanguage,
  MultipleChoice,
  NextSentence,
  QuestionAnswering,
  SentenceEmbedding,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";
import { activationNamed, quantize } from "@bertkit/layers";
import { robertaFamily } from "@bertkit/roberta-model";
import { type Backend, openReference, tidy } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { openRecordedModel } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { asChoices, fromPacked, realValues } from "./fixtures/padded.js";
import { readModel } from "./fixtures/read-model.js";
import { onnxBytes } from "./fixtures/tiny-model.js";
import { useOnnxruntime } from "./fixtures/use-onnxruntime.js";
import type { OnnxHead } from "./heads/onnx-head.js";

const limit = 1e-4;
const run = useOnnxruntime();
const labels = ["LABEL_0", "LABEL_1", "LABEL_2"];

const families: readonly EncoderFamily[] = [albertFamily, distilBertFamily, electraFamily, robertaFamily];

const familyOf = (config: unknown): EncoderFamily =>
  families.find(({ modelTypes }) => modelTypes.includes((config as { model_type: string }).model_type))!;

type Recorded = Awaited<ReturnType<typeof open>>;

/** A recorded model's parts, to be disposed of. */
async function open(name: string, backend: Backend, head?: HeadName) {
  const recorded = await openRecordedModel(name, openCheckpoint);
  const family = familyOf(recorded.config);
  const config = family.configFromHuggingFace(recorded.config);
  const { encoder } = await loadEncoder(family, recorded.weights, config, backend, { head });
  const batch = fromPacked(recorded.batch, "typeVocabulary" in config && config.typeVocabulary !== 1);
  return { recorded, family, encoder, batch };
}

async function expectWithin({ recorded }: Recorded, found: ArrayLike<number>, output: string): Promise<void> {
  const expected = await recorded.answers(output);
  expect(found).toHaveLength(expected.length);
  expect(largestDifference(found, expected)).toBeLessThan(limit);
}

describe("ONNX Runtime computes transformers' encoders of the family", () => {
  const backend = useBackend(() => openReference());

  test.each([
    ["albert", ["last_hidden_state", "pooler_output"]],
    ["albert-groups", ["last_hidden_state", "pooler_output"]],
    ["distilbert", ["last_hidden_state"]],
    ["distilbert-sinusoidal", ["last_hidden_state"]],
    ["electra", ["last_hidden_state"]],
    ["electra-equal-widths", ["last_hidden_state"]],
    ["roberta", ["last_hidden_state", "pooler_output"]],
  ])("%s", async (name, outputs) => {
    const made = await open(name, backend());
    await using _recorded = made.recorded;
    using encoder = made.encoder;
    const model = await onnxBytes(encoder);
    const found = await run(model, made.batch.feeds);
    expect(Object.keys(found)).toEqual(outputs);
    for (const output of outputs) await expectWithin(made, realValues(made.batch, found[output]!), output);
    const stored = Object.keys(readModel(model).initializers).filter((array) => !/^(float32|int64) /.test(array));
    expect([...made.recorded.weights.entries.keys()]).toEqual(expect.arrayContaining(stored));
  });
});

type MadeHead = Exclude<OnnxHead, SentenceEmbedding>;
type MakeHead = (encoder: ConfiguredEncoder, family: EncoderFamily) => MadeHead;

const heads: Readonly<Partial<Record<HeadName, MakeHead>>> = {
  maskedLanguage: ({ config, embeddings: { word: words } }, { languageActivation = config.activation }) =>
    new MaskedLanguage({ ...config, activation: activationNamed(languageActivation), words }),
  sequenceClassification: ({ config: { width } }) => new SequenceClassification({ width, labels }),
  tokenClassification: ({ config: { width } }) => new TokenClassification({ width, labels }),
  questionAnswering: ({ config }) => new QuestionAnswering(config),
  multipleChoice: ({ config: { width } }) => new MultipleChoice({ width, choices: 4 }),
};

const recordedHeads: readonly (readonly [name: string, head: HeadName, outputs: readonly string[]])[] = [
  ...["albert", "distilbert", "electra", "roberta"].flatMap(
    (family) =>
      [
        [`${family}-masked-lm`, "maskedLanguage", ["logits"]],
        [`${family}-sequence`, "sequenceClassification", ["logits"]],
        [`${family}-token`, "tokenClassification", ["logits"]],
        [`${family}-qa`, "questionAnswering", ["start_logits", "end_logits"]],
      ] as const,
  ),
  ["camembert", "maskedLanguage", ["logits"]],
  ["xlm-roberta", "maskedLanguage", ["logits"]],
  ["distilbert-multiple-choice", "multipleChoice", ["logits"]],
];

describe("ONNX Runtime computes transformers' heads of the family", () => {
  const backend = useBackend(() => openReference());

  test.each(recordedHeads)("%s", async (name, kind, outputs) => {
    const made = await open(name, backend(), kind);
    const { family, recorded } = made;
    await using _recorded = recorded;
    using encoder = made.encoder;
    using head = heads[kind]!(encoder, family);
    await head.load(recorded.weights, backend(), { names: findHeadNames(family, kind, recorded.weights.entries)! });
    const batch = kind === "multipleChoice" ? asChoices(made.batch, 4) : made.batch;
    const found = await run(await onnxBytes(encoder, { head }), batch.feeds);
    expect(Object.keys(found)).toEqual(outputs);
    for (const output of outputs) await expectWithin(made, realValues(batch, found[output]!), output);
  });

  test("electra-discriminator", async () => {
    const made = await open("electra-discriminator", backend());
    const { weights } = made.recorded;
    await using _recorded = made.recorded;
    using encoder = made.encoder;
    using head = new ReplacedTokenDetection({ width: encoder.config.width });
    await head.load(weights, backend(), { names: findReplacedTokenNames(weights.entries)! });
    const model = await onnxBytes(encoder, { head });
    const found = await run(model, made.batch.feeds);
    await expectWithin(made, realValues(made.batch, found.logits!), "logits");
    const stored = Object.keys(readModel(model).initializers).filter((array) => !/^(float32|int64) /.test(array));
    expect(stored.sort()).toEqual([...weights.entries.keys()].sort());
  });
});

describe("a family's model", () => {
  const backend = useBackend(() => openReference());
  const embeddingOf = () => new SentenceEmbedding({ poolings: ["mean"], stages: ["normalize"] });

  test.each(["albert-groups", "distilbert", "electra", "roberta"])(
    "of levels gives the vectors that it gives here: %s",
    async (name) => {
      const { recorded, encoder, batch } = await open(name, backend());
      await using _recorded = recorded;
      using _encoder = encoder;
      using head = embeddingOf();
      await quantize(encoder);
      const found = await run(await onnxBytes(encoder, { head }), batch.feeds);
      using expected = tidy(() => head.forward(encoder.forward(batch.packed)));
      expect(largestDifference(found.sentence_embedding!.values, await expected.read())).toBeLessThan(limit);
    },
  );

  test("is told the types of tokens only where it knows several", async () => {
    const inputsOf = async (name: string): Promise<string[]> => {
      const { recorded, encoder } = await open(name, backend());
      await using _recorded = recorded;
      using _encoder = encoder;
      return Object.keys(readModel(await onnxBytes(encoder)).inputs);
    };
    expect(await inputsOf("electra")).toEqual(["input_ids", "attention_mask", "token_type_ids"]);
    expect(await inputsOf("distilbert")).toEqual(["input_ids", "attention_mask"]);
  });

  test("takes no head that the family has none of", async () => {
    const { recorded, encoder } = await open("roberta", backend());
    await using _recorded = recorded;
    using _encoder = encoder;
    using head = new NextSentence(encoder.config);
    await expect(onnxBytes(encoder, { head })).rejects.toThrow(
      "RoBERTa has no head of the kind nextSentence; it has maskedLanguage, sequenceClassification,",
    );
  });
});
