import { readFile } from "node:fs/promises";
import { ConfigError } from "@bertkit/layers";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { headSettingsFromHuggingFace } from "./head-settings.js";

/** What is wrong, as the error lists it. */
function problemsOf(json: unknown): readonly string[] {
  try {
    headSettingsFromHuggingFace(json);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test("what a configuration leaves out is as in transformers", () => {
  const defaults = {
    labels: ["LABEL_0", "LABEL_1"],
    problem: undefined,
    tiesWords: true,
    classifierDropout: 0.1,
    architectures: [],
    rerankActivation: "identity",
  };
  expect(headSettingsFromHuggingFace({})).toEqual(defaults);
  const nulls = ["id2label", "num_labels", "problem_type", "tie_word_embeddings", "classifier_dropout"]
    .concat(["hidden_dropout_prob", "architectures", "sentence_transformers", "sbert_ce_default_activation_function"])
    .map((field) => [field, null] as const);
  expect(headSettingsFromHuggingFace(Object.fromEntries(nulls))).toEqual(defaults);
});

describe("labels", () => {
  const labelsOf = (json: unknown): readonly string[] => headSettingsFromHuggingFace(json).labels;

  test("lie in the order of their ids, whatever order the file has", () => {
    const id2label = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [String(11 - i), `L${11 - i}`]));
    expect(labelsOf({ id2label })).toEqual(Array.from({ length: 12 }, (_, i) => `L${i}`));
    expect(labelsOf({ id2label: { "1": "yes", "0": "no" }, num_labels: 9 })).toEqual(["no", "yes"]);
  });

  test("have transformers' names where there is but a number of them", () => {
    expect(labelsOf({ num_labels: 3 })).toEqual(["LABEL_0", "LABEL_1", "LABEL_2"]);
  });

  test("that are numbers are read as text", () => {
    expect(labelsOf({ id2label: { "0": -1, "1": 1 } })).toEqual(["-1", "1"]);
  });

  test.each([
    [{ "0": "a", "2": "b" }, "1 has none"],
    [{ "00": "a", "1": "b" }, "0 has none"],
    [{ "0": "a", "1": null }, "1 has none"],
    [{ "0": "a", "1": "" }, "1 has none"],
    [{ "0": "a", "1": ["b"] }, "1 has a list"],
    [{ "0": "a", "1": "b", "2": "a" }, '0 and 2 are "a"'],
    [{ "0": "1", "1": 1 }, '0 and 1 are "1"'],
  ])("with holes or twins are an error: %j", (id2label, problem) => {
    const ids = `0 … ${Object.keys(id2label).length - 1}`;
    expect(problemsOf({ id2label })).toEqual([`id2label must have a label of its own for each of ${ids}: ${problem}`]);
  });

  test.each([[{}], [["a", "b"]], ["a"], [3]])("that are %j are an error", (id2label) => {
    expect(problemsOf({ id2label })[0]).toContain(
      "id2label must be an object with a label for each id, one at least, got ",
    );
  });

  test.each([0, -1, 1.5, 1e9, "3", true])("cannot be %j", (count) => {
    expect(problemsOf({ num_labels: count })[0]).toContain("num_labels must be a whole number from 1 to 65536, got ");
  });
});

test.each([["single_label_classification"], ["multi_label_classification"], ["regression"]])(
  "the problem can be %s",
  (problem) => {
    expect(headSettingsFromHuggingFace({ problem_type: problem }).problem).toBe(problem);
  },
);

test("the classifier's dropout goes before the hidden one", () => {
  const dropoutOf = (json: unknown): number => headSettingsFromHuggingFace(json).classifierDropout;
  expect(dropoutOf({ classifier_dropout: 0, hidden_dropout_prob: 0.3 })).toBe(0);
  expect(dropoutOf({ classifier_dropout: null, hidden_dropout_prob: 0.3 })).toBe(0.3);
});

test("a decoder of its own is told", () => {
  expect(headSettingsFromHuggingFace({ tie_word_embeddings: false }).tiesWords).toBe(false);
});

describe("what a re-ranker's score goes through", () => {
  const activationOf = (json: unknown): string => headSettingsFromHuggingFace(json).rerankActivation;
  const [sigmoid, identity] = ["torch.nn.modules.activation.Sigmoid", "torch.nn.modules.linear.Identity"];

  test("is a sigmoid for one label and nothing for several, where nothing is said", () => {
    expect(activationOf({ num_labels: 1 })).toBe("sigmoid");
    expect(activationOf({ num_labels: 3 })).toBe("identity");
  });

  test("is said in sentence-transformers' field, or in its old one", () => {
    expect(activationOf({ num_labels: 1, sentence_transformers: { activation_fn: identity } })).toBe("identity");
    expect(activationOf({ num_labels: 1, sbert_ce_default_activation_function: identity })).toBe("identity");
    expect(activationOf({ num_labels: 3, sbert_ce_default_activation_function: "torch.nn.Sigmoid" })).toBe("sigmoid");
    const both = { activation_fn: sigmoid, version: "5.0" };
    expect(activationOf({ sentence_transformers: both, sbert_ce_default_activation_function: identity })).toBe(
      "sigmoid",
    );
  });
});

test("all that is wrong is listed at once", () => {
  const json = {
    id2label: {},
    problem_type: "ranking",
    tie_word_embeddings: "no",
    classifier_dropout: 1,
    architectures: "BertModel",
    sentence_transformers: { activation_fn: "torch.nn.modules.activation.Tanh" },
  };
  expect(problemsOf(json)).toEqual([
    "id2label must be an object with a label for each id, one at least, got an object",
    'problem_type must be one of single_label_classification, multi_label_classification, regression, got "ranking"',
    'tie_word_embeddings must be true or false, got "no"',
    "classifier_dropout must be a number from 0 up to 1, got 1",
    'architectures must be a list of names, got "BertModel"',
    "a re-ranker's activation must be torch's Sigmoid or Identity, got \"torch.nn.modules.activation.Tanh\"",
  ]);
  expect(problemsOf({ hidden_dropout_prob: "much", architectures: [1] })).toEqual([
    'hidden_dropout_prob must be a number from 0 up to 1, got "much"',
    "architectures must be a list of names, got a list",
  ]);
});

describeWithData("goldens/heads", "real configurations", () => {
  test.each([
    ["sequence_multi", "BertForSequenceClassification", 4, "multi_label_classification"],
    ["sequence_regression", "BertForSequenceClassification", 1, "regression"],
    ["token", "BertForTokenClassification", 5, undefined],
    ["masked_lm", "BertForMaskedLM", 2, undefined],
  ])("%s", async (folder, architecture, labels, problem) => {
    const json: unknown = JSON.parse(await readFile(dataPath("goldens/heads", folder, "config.json"), "utf8"));
    const settings = headSettingsFromHuggingFace(json);
    expect(settings.labels).toHaveLength(labels);
    expect(settings).toMatchObject({ problem, architectures: [architecture], tiesWords: true, classifierDropout: 0 });
  });
});
