import { openCheckpoint, serializeSafetensors } from "@bertkit/checkpoint";
import { findHeadNames, findOutputWords, type HeadName, headPaths, headsIn } from "@bertkit/encoder-family";
import { Embedding } from "@bertkit/layers";
import { openReference } from "@bertkit/tensor";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { bertFamily } from "../bert-family.js";

const linear = (name: string): string[] => [`${name}.weight`, `${name}.bias`];
const transform = (prefix = "", norm = ["weight", "bias"]): string[] => [
  `${prefix}cls.predictions.transform.dense.weight`,
  `${prefix}cls.predictions.transform.dense.bias`,
  ...norm.map((kind) => `${prefix}cls.predictions.transform.LayerNorm.${kind}`),
];

/** What a file has besides, or a part of it. */
const others = ["bert.embeddings.word_embeddings.weight", "global_step", "cls.predictions.decoder.weight"];

/** In the order of `headPaths`. */
const files: readonly (readonly [string, HeadName, readonly string[]])[] = [
  ["Hugging Face's", "maskedLanguage", [...transform(), "cls.predictions.bias"]],
  ["Hugging Face's with the decoder's bias", "maskedLanguage", [...transform(), "cls.predictions.decoder.bias"]],
  ["Hugging Face's old", "maskedLanguage", [...transform("", ["gamma", "beta"]), "cls.predictions.bias"]],
  ["DataParallel's", "maskedLanguage", [...transform("module."), "module.cls.predictions.bias"]],
  [
    "DataParallel's old, with the decoder's bias",
    "maskedLanguage",
    [...transform("module.", ["gamma", "beta"]), "module.cls.predictions.decoder.bias"],
  ],
  [
    "Google's",
    "maskedLanguage",
    [
      "cls/predictions/transform/dense/kernel",
      "cls/predictions/transform/dense/bias",
      "cls/predictions/transform/LayerNorm/gamma",
      "cls/predictions/transform/LayerNorm/beta",
      "cls/predictions/output_bias",
    ],
  ],
  ["this project's own", "maskedLanguage", headPaths.maskedLanguage],
  ["Hugging Face's", "nextSentence", linear("cls.seq_relationship")],
  ["DataParallel's", "nextSentence", linear("module.cls.seq_relationship")],
  ["Google's", "nextSentence", ["cls/seq_relationship/output_weights", "cls/seq_relationship/output_bias"]],
  ["Hugging Face's", "sequenceClassification", linear("classifier")],
  ["DataParallel's", "sequenceClassification", linear("module.classifier")],
  ["run_classifier's", "sequenceClassification", ["output_weights", "output_bias"]],
  ["Hugging Face's", "tokenClassification", linear("classifier")],
  ["DataParallel's", "tokenClassification", linear("module.classifier")],
  ["Hugging Face's", "questionAnswering", linear("qa_outputs")],
  ["DataParallel's", "questionAnswering", linear("module.qa_outputs")],
  ["run_squad's", "questionAnswering", ["cls/squad/output_weights", "cls/squad/output_bias"]],
  ["Hugging Face's", "multipleChoice", linear("classifier")],
  ["this project's own", "multipleChoice", linear("linear")],
];

describe.each(files)("%s file of %s", (_, head, names) => {
  test("has its names found, each for its parameter", () => {
    const table = findHeadNames(bertFamily, head, new Set([...others, ...names]))!;
    expect(headPaths[head].map((path) => table(path).name)).toEqual(names);
  });

  test("is not found where an array is missing", () => {
    for (const missing of names) {
      const rest = names.filter((name) => name !== missing);
      expect([missing, findHeadNames(bertFamily, head, new Set([...others, ...rest]))]).toEqual([missing, undefined]);
    }
  });
});

test("of all arrays only the kernel of Google's dense layer is transposed", () => {
  const transposed = files.flatMap(([, head, names]) => {
    const table = findHeadNames(bertFamily, head, new Set(names))!;
    return headPaths[head].map((path) => table(path)).filter((found) => found.transposed);
  });
  expect(transposed.map(({ name }) => name)).toEqual(["cls/predictions/transform/dense/kernel"]);
});

test("of two biases the decoder's is used", () => {
  const names = new Set([...transform(), "cls.predictions.bias", "cls.predictions.decoder.bias"]);
  expect(findHeadNames(bertFamily, "maskedLanguage", names)!("decoder.bias").name).toBe("cls.predictions.decoder.bias");
});

test("the scales of an int8 head are found beside its weight", () => {
  expect(findHeadNames(bertFamily, "nextSentence", new Set(linear("cls.seq_relationship")))!("linear.scale").name).toBe(
    "cls.seq_relationship.scale",
  );
});

describe("the table of an untied head", () => {
  const name = "cls.predictions.decoder.weight";

  test("is the decoder's own weight", () => {
    expect(findOutputWords(bertFamily, new Set([name]))!("weight")).toEqual({ name, transposed: false });
    expect(findOutputWords(bertFamily, new Set([`module.${name}`]))!("weight").name).toBe(`module.${name}`);
    expect(findOutputWords(bertFamily, new Set(["bert.embeddings.word_embeddings.weight"]))).toBeUndefined();
  });

  test("is loaded as an Embedding", async () => {
    using backend = openReference();
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    await using source = await openCheckpoint(
      serializeSafetensors([{ name, shape: [3, 2], dtype: "float32", values }]),
    );
    using words = new Embedding(3, 2);
    await words.load(source, backend, { names: findOutputWords(bertFamily, source.entries)! });
    expect(await words.weight.read()).toEqual(values);
  });
});

describe("headsIn", () => {
  const classifier = linear("classifier");
  const pooler = linear("bert.pooler.dense");

  test("names every head that a file has whole", () => {
    const names = new Set([...transform(), "cls.predictions.bias", ...linear("cls.seq_relationship"), ...pooler]);
    expect(headsIn(bertFamily, names, ["BertForPreTraining"])).toEqual(["maskedLanguage", "nextSentence"]);
    names.delete("cls.predictions.bias");
    expect(headsIn(bertFamily, names, ["BertForPreTraining"])).toEqual(["nextSentence"]);
    expect(headsIn(bertFamily, new Set(linear("qa_outputs")), ["BertForQuestionAnswering"])).toEqual([
      "questionAnswering",
    ]);
    expect(headsIn(bertFamily, new Set(["cls/squad/output_weights", "cls/squad/output_bias"]), [])).toEqual([
      "questionAnswering",
    ]);
  });

  test("none for an encoder alone, whatever its configuration says", () => {
    expect(headsIn(bertFamily, new Set([...others, ...pooler]), ["BertForSequenceClassification"])).toEqual([]);
  });

  test.each([
    ["BertForSequenceClassification", "sequenceClassification"],
    ["BertForTokenClassification", "tokenClassification"],
    ["BertForMultipleChoice", "multipleChoice"],
    ["ChineseBertForTokenClassification", "tokenClassification"],
  ])("a classifier is what the architecture says: %s", (architecture, head) => {
    expect(headsIn(bertFamily, new Set([...classifier, ...pooler]), [architecture])).toEqual([head]);
    expect(headsIn(bertFamily, new Set(classifier), ["BertModel", architecture])).toEqual([head]);
  });

  test.each([[[]], [["BertModel"]], [["BertForMaskedLM"]]])(
    "where %j says nothing of it, a pooler makes it one of sequences, else it is one of tokens",
    (architectures) => {
      for (const prefix of ["bert.pooler.dense", "pooler.dense", "module.bert.pooler.dense"]) {
        const names = new Set([...classifier, ...linear(prefix)]);
        expect(headsIn(bertFamily, names, architectures)).toEqual(["sequenceClassification"]);
      }
      expect(headsIn(bertFamily, new Set(classifier), architectures)).toEqual(["tokenClassification"]);
    },
  );

  test("run_classifier's output can be nothing but one of sequences", () => {
    expect(headsIn(bertFamily, new Set(["output_weights", "output_bias"]), [])).toEqual(["sequenceClassification"]);
  });

  test("this project's own files have one path for most heads, so that the architecture decides for all", () => {
    const own = new Set([...linear("linear"), "pooler.weight"]);
    expect(headsIn(bertFamily, own, ["BertForQuestionAnswering"])).toEqual(["questionAnswering"]);
    expect(headsIn(bertFamily, own, [])).toEqual(["sequenceClassification"]);
  });
});

describeWithData("goldens", "the heads in real files", () => {
  test.each([
    ["heads/masked_lm", ["maskedLanguage"]],
    ["heads/causal_lm", ["maskedLanguage"]],
    ["heads/pretraining", ["maskedLanguage", "nextSentence"]],
    ["heads/next_sentence", ["nextSentence"]],
    ["heads/sequence_multi", ["sequenceClassification"]],
    ["heads/token", ["tokenClassification"]],
    ["heads/question_answering", ["questionAnswering"]],
    ["formats/safetensors-sharded", ["maskedLanguage", "nextSentence"]],
    ["encoder/gelu", []],
  ])("%s", async (folder, heads) => {
    await using source = await openCheckpoint(dataPath("goldens", folder));
    expect(headsIn(bertFamily, source.entries, [])).toEqual(heads);
  });
});
