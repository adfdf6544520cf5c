import { describe, expect, test } from "@jest/globals";
import { readRecordedPipelines } from "../fixtures/recorded-pipelines.js";
import { useTinyModels } from "../fixtures/tiny-models.js";
import { loadClassifier } from "./classifier.js";

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
