import { describe, expect, test } from "@jest/globals";
import { readRecordedPipelines } from "../fixtures/recorded-pipelines.js";
import { useTinyModels } from "../fixtures/tiny-models.js";
import { type Classification, loadClassifier } from "./classifier.js";

const models = useTinyModels();

/** Answers are computed in float32, the recorded ones in double precision. */
const digits = 5;

describe.each(["reference", "wasm"] as const)("classify on the %s backend", (device) => {
  test.each(["sentiment", "entailment", "topics", "oneLabel", "score", "ratings"])(
    "scores texts and pairs as transformers' text-classification: %s",
    async (name) => {
      const { classify, models: options } = await readRecordedPipelines();
      const { inputs, scores } = classify.find(({ model }) => model === name)!;
      using classifier = await loadClassifier(await models.write(name, options[name]), { device });
      const found = await classifier.classify(inputs);
      const labelsOf = (answers: typeof scores) => answers.map((answer) => answer.map(({ label }) => label));
      expect(labelsOf(found.map((answer) => answer.scores))).toEqual(labelsOf(scores));
      for (const [i, answer] of scores.entries()) {
        for (const [j, { score }] of answer.entries()) expect(found[i]!.scores[j]!.score).toBeCloseTo(score, digits);
      }
    },
  );
});

describe("classify", () => {
  const load = async (name: "entailment" | "topics") => {
    const { models: options } = await readRecordedPipelines();
    return loadClassifier(await models.write(name, options[name]), { device: "wasm" });
  };

  test("gives the likeliest label and the probabilities of all, which sum to 1", async () => {
    using classifier = await load("entailment");
    expect(classifier.labels).toEqual(["entailment", "neutral", "contradiction"]);
    expect(classifier.problem).toBe("single_label_classification");
    const [found] = await classifier.classify([["It rains.", "The street is wet."]]);
    expect(found!.labels).toEqual([found!.scores[0]]);
    expect(found!.scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 10);
  });

  test("of a multi-label model gives all that reach the threshold, none to all", async () => {
    using classifier = await load("topics");
    expect(classifier.problem).toBe("multi_label_classification");
    const [{ scores }] = (await classifier.classify(["A lovely library."])) as [Classification];
    const labelsFrom = async (threshold?: number) => {
      return (await classifier.classify(["A lovely library."], { threshold }))[0]!.labels;
    };
    expect(await labelsFrom(0)).toEqual(scores);
    expect(await labelsFrom(1)).toEqual([]);
    expect(await labelsFrom(scores[1]!.score)).toEqual(scores.slice(0, 2));
    expect(await labelsFrom()).toEqual(scores.filter(({ score }) => score >= 0.5));
  });

  test.each([-0.1, 1.1, Number.NaN])("takes no threshold of %d", async (threshold) => {
    using classifier = await load("topics");
    await expect(classifier.classify(["a"], { threshold })).rejects.toThrow(
      `classify: the threshold must be from 0 to 1, got ${threshold}`,
    );
  });

  test("takes an array or a stream, of texts or pairs", async () => {
    using classifier = await load("entailment");
    const plain = (inputs: unknown) => classifier.classify(inputs as readonly string[]);
    for (const inputs of ["one text", undefined, null, 7, {}, new Set(["a"])]) {
      expect(() => plain(inputs)).toThrow("classify: it takes an array of texts or an async iterable of them");
    }
    await expect(plain(["a", ["b"]])).rejects.toThrow("classify: it wanted a string or two in [ ], got a list");
    expect(await classifier.classify([])).toEqual([]);
  });

  test("an empty second text makes a pair, no second text does not", async () => {
    using classifier = await load("entailment");
    const [alone, empty, blank] = await classifier.classify(["a question?", ["a question?", ""], ["a question?", " "]]);
    expect(empty).toEqual(blank);
    expect(empty).not.toEqual(alone);
  });
});
