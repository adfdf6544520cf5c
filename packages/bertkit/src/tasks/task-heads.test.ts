import { bertFamily } from "@bertkit/bert-model";
import { headSettingsFromHuggingFace } from "@bertkit/encoder-family";
import { describe, expect, test } from "@jest/globals";
import { type Holdings, holdingsOf, lackOf, tasks, tasksOf } from "./task-heads.js";

const encoder = ["bert.pooler.dense.weight", "bert.pooler.dense.bias"];
const classifier = ["classifier.weight", "classifier.bias"];
const language = [
  "cls.predictions.transform.dense.weight",
  "cls.predictions.transform.dense.bias",
  "cls.predictions.transform.LayerNorm.weight",
  "cls.predictions.transform.LayerNorm.bias",
  "cls.predictions.bias",
];

function holdings(names: readonly string[], config: Readonly<Record<string, unknown>> = {}): Holdings {
  const modelConfig = {
    family: bertFamily,
    config: bertFamily.configFromHuggingFace(config),
    head: headSettingsFromHuggingFace(config),
  };
  return holdingsOf(modelConfig, new Map(names.map((name) => [name, {}])));
}

describe("the tasks that weights are for", () => {
  test.each<[string, readonly string[], Record<string, unknown>, readonly string[]]>([
    ["an encoder's are none", encoder, {}, []],
    ["a language head's: to fill masks", language, {}, ["fill"]],
    ["one with an output table that is missing: none", language, { tie_word_embeddings: false }, []],
    [
      "one with its own output table: to fill masks",
      [...language, "cls.predictions.decoder.weight"],
      { tie_word_embeddings: false },
      ["fill"],
    ],
    ["a classifier of texts", [...encoder, ...classifier], {}, ["classify"]],
    ["a classifier of tokens", classifier, {}, ["tag"]],
    ["a classifier of texts without a pooler: none", classifier, { architectures: ["XForSequenceClassification"] }, []],
    ["a language head that sees only what stands before: none", language, { is_decoder: true }, []],
    ["one label ranks", [...encoder, ...classifier], { num_labels: 1 }, ["rank"]],
    [
      "one label of a regression does both",
      [...encoder, ...classifier],
      { num_labels: 1, problem_type: "regression" },
      ["classify", "rank"],
    ],
  ])("%s", (_, names, config, expected) => {
    expect(tasksOf(holdings(names, config))).toEqual(expected);
  });
});

describe("what weights lack for a task", () => {
  test("is nothing, a head, or its pooler", () => {
    const whole = holdings([...encoder, ...classifier]);
    expect(lackOf(tasks.classify, whole)).toBeUndefined();
    expect(lackOf(tasks.answer, whole)).toBe("a head that answers questions from a text");
    expect(lackOf(tasks.classify, { ...whole, pooled: [] })).toMatch(/^the pooler .* classifies texts$/);
  });

  test("for ranking is a head of one label, whatever another has", () => {
    const three = holdings([...encoder, ...classifier], { num_labels: 3 });
    expect(lackOf(tasks.rank, three)).toMatch(/a head that scores a passage for a query, which has one label/);
    expect(lackOf(tasks.rank, { ...three, labels: 1 })).toBeUndefined();
  });
});
