import { describe, expect, test } from "@jest/globals";
import { readRecordedPipelines } from "../fixtures/recorded-pipelines.js";
import { useTinyModels } from "../fixtures/tiny-models.js";
import { loadNextSentencePredictor } from "./next-sentence-predictor.js";

const models = useTinyModels();

/** Answers are computed in float32, the recorded ones in double precision. */
const digits = 5;

describe.each(["reference", "wasm"] as const)("next on the %s backend", (device) => {
  test.each(["pretrained", "next"])("scores pairs as transformers' model does: %s", async (name) => {
    const { next, models: options } = await readRecordedPipelines();
    const { pairs, scores } = next.find(({ model }) => model === name)!;
    using predictor = await loadNextSentencePredictor(await models.write(name, options[name]), { device });
    const found = await predictor.next(pairs);
    for (const [i, score] of scores.entries()) {
      expect(found[i]!.score).toBeCloseTo(score, digits);
      expect(found[i]!.follows).toBe(score >= 0.5);
    }
    expect(found).toHaveLength(pairs.length);
  });
});

test("next takes pairs alone", async () => {
  using predictor = await loadNextSentencePredictor(
    await models.write("next", { head: "BertForNextSentencePrediction" }),
  );
  const plain = (pairs: unknown) => predictor.next(pairs as readonly (readonly [string, string])[]);
  expect(() => plain("a text")).toThrow("next: it takes an array of pairs or an async iterable of them");
  for (const pair of ["a text", ["one"], ["one", undefined], ["one", "two", "three"]]) {
    await expect(plain([["a", "b"], pair])).rejects.toThrow("next: it wanted two strings in [ ], got ");
  }
});
