import type { Bert } from "@bertkit/bert-model";
import {
  CausalLanguage,
  CrossEncoder,
  type LanguageDecoderOptions,
  MaskedLanguage,
  MultipleChoice,
  NextSentence,
  Pretraining,
  QuestionAnswering,
  type SentenceEmbedding,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";
import { Embedding, type EncoderOutput, QuantizedEmbedding, quantize } from "@bertkit/layers";
import { type Backend, gelu, openReference, relu, sliceRows, type Tensor, tidy, transpose } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { withRandomParameters } from "@bertkit-tooling/family-tests";
import { describe, expect, test } from "@jest/globals";
import { asChoices, type PaddedSequences, realValues, sequencesOf } from "../fixtures/padded.js";
import { readModel } from "../fixtures/read-model.js";
import { onnxBytes, tinyBert, tinyConfig } from "../fixtures/tiny-model.js";
import { useOnnxruntime } from "../fixtures/use-onnxruntime.js";
import type { OnnxHead } from "./onnx-head.js";

type MadeHead = Exclude<OnnxHead, SentenceEmbedding>;

/** A head, its outputs in ONNX in order, and its own numbers for each. */
interface Case {
  readonly head: MadeHead;
  readonly outputs: readonly string[];
  /** Hugging Face's name of one of its weights. */
  readonly weight: string;
  numbers(encoded: EncoderOutput): readonly Tensor[];
}

const { width } = tinyConfig;
const labels = ["a", "b", "c"];

const logitsOf = (head: Exclude<MadeHead, Pretraining>, weight: string): Case => ({
  head,
  outputs: ["logits"],
  weight,
  numbers: (encoded) => [head.forward(encoded)],
});

const cases: Readonly<Record<string, (language: LanguageDecoderOptions) => Case>> = {
  MaskedLanguage: (language) => logitsOf(new MaskedLanguage(language), "cls.predictions.transform.dense.weight"),
  CausalLanguage: (language) => logitsOf(new CausalLanguage(language), "cls.predictions.transform.dense.bias"),
  NextSentence: () => logitsOf(new NextSentence({ width }), "cls.seq_relationship.weight"),
  SequenceClassification: () => logitsOf(new SequenceClassification({ width, labels }), "classifier.weight"),
  CrossEncoder: () => logitsOf(new CrossEncoder({ width }), "classifier.weight"),
  TokenClassification: () => logitsOf(new TokenClassification({ width, labels }), "classifier.weight"),
  QuestionAnswering: () => {
    const head = new QuestionAnswering({ width });
    return {
      head,
      outputs: ["start_logits", "end_logits"],
      weight: "qa_outputs.weight",
      numbers: (encoded) => [0, 1].map((column) => sliceRows(transpose(head.forward(encoded)), column, column + 1)),
    };
  },
  Pretraining: (language) => {
    const head = new Pretraining(language);
    return {
      head,
      outputs: ["prediction_logits", "seq_relationship_logits"],
      weight: "cls.predictions.transform.LayerNorm.weight",
      numbers: (encoded) => [head.masked.forward(encoded), head.next.forward(encoded)],
    };
  },
  MultipleChoice: () => logitsOf(new MultipleChoice({ width, choices: 2 }), "classifier.weight"),
};

const run = useOnnxruntime();

/** How far ONNX Runtime's outputs are from ours. */
async function differenceOf(bert: Bert, { outputs, numbers }: Case, model: Uint8Array, batch: PaddedSequences) {
  const found = await run(model, batch.feeds);
  expect(Object.keys(found)).toEqual(outputs);
  const expected = tidy(() => numbers(bert.forward(batch.packed)));
  const differences = await Promise.all(
    expected.map(async (tensor, i) => {
      using own = tensor;
      return largestDifference(realValues(batch, found[outputs[i]!]!), await own.read());
    }),
  );
  return Math.max(...differences);
}

const languageOf = (bert: Bert, words = bert.embeddings.word): LanguageDecoderOptions => ({
  width,
  vocabulary: tinyConfig.vocabulary,
  activation: gelu,
  epsilon: tinyConfig.epsilon,
  words,
});

const sequences = sequencesOf([7, 1, 12, 3]);

describe.each([
  ["reference", () => openReference()],
  ["wasm", () => openWasm()],
] as const)("ONNX Runtime computes what a head of ours computes, on %s", (_, open) => {
  const backend = useBackend(open);

  test.each(Object.keys(cases))("%s, in float32 and with an encoder in int8", async (name) => {
    using bert = tinyBert(backend(), { causal: name === "CausalLanguage" });
    const batch = name === "MultipleChoice" ? asChoices(sequences, 2) : sequences;
    const floats = cases[name]!(languageOf(bert));
    using head = withRandomParameters<MadeHead>(backend(), floats.head);
    const model = await onnxBytes(bert, { head });
    const names = Object.keys(readModel(model).initializers);
    expect(names).toEqual(expect.arrayContaining([floats.weight, "bert.encoder.layer.1.output.dense.weight"]));
    expect(await differenceOf(bert, floats, model, batch)).toBeLessThan(1e-4);

    await quantize(bert);
    const levels = cases[name]!(languageOf(bert));
    using headOfLevels = withRandomParameters<MadeHead>(backend(), levels.head);
    const int8 = await onnxBytes(bert, { head: headOfLevels });
    expect(await differenceOf(bert, levels, int8, batch)).toBeLessThan(1e-4);
  });

  test("a language head with an activation of its own", async () => {
    using bert = tinyBert(backend());
    const made = cases.MaskedLanguage!({ ...languageOf(bert), activation: relu });
    using head = withRandomParameters<MadeHead>(backend(), made.head);
    expect(await differenceOf(bert, made, await onnxBytes(bert, { head }), sequences)).toBeLessThan(1e-4);
  });

  test("a language head with a table of its own, of floats or of levels", async () => {
    using bert = tinyBert(backend());
    using table = withRandomParameters(backend(), new Embedding(tinyConfig.vocabulary, width), 9);
    using levels = await QuantizedEmbedding.from(table);
    for (const words of [table, levels]) {
      const made = cases.MaskedLanguage!(languageOf(bert, words));
      using head = withRandomParameters<MadeHead>(backend(), made.head);
      const model = await onnxBytes(bert, { head });
      expect(Object.keys(readModel(model).initializers)).toContain("cls.predictions.decoder.weight");
      expect(await differenceOf(bert, made, model, sequences)).toBeLessThan(1e-4);
    }
  });
});

describe("a head and its encoder", () => {
  const backend = useBackend(() => openReference());
  const made = (opened: Backend, head: MadeHead): MadeHead => withRandomParameters(opened, head);

  test("of different widths are refused", async () => {
    using bert = tinyBert(backend());
    using head = made(backend(), new TokenClassification({ width: 8, labels }));
    await expect(onnxBytes(bert, { head })).rejects.toThrow(
      "TokenClassification was made for a width of 8, it stands on one of 12: use its own encoder",
    );
  });

  test("are written without a pooler that the head does not read", async () => {
    using bert = tinyBert(backend());
    using head = made(backend(), new TokenClassification({ width, labels }));
    const names = Object.keys(readModel(await onnxBytes(bert, { head })).initializers);
    expect(names.filter((name) => name.includes("pooler"))).toEqual([]);
    expect(names).toContain("classifier.weight");
  });

  test("are refused where one needs a pooler and the other has none", async () => {
    using bert = tinyBert(backend(), { pooler: false });
    using head = made(backend(), new NextSentence({ width }));
    await expect(onnxBytes(bert, { head })).rejects.toThrow(
      "NextSentence reads the pooled first token, and this encoder has no pooler: load one that has",
    );
  });
});
