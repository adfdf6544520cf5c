import { describe, expect, test } from "@jest/globals";
import { largestDifference, questionsOf, readRecorded, tolerance } from "./fixtures/recorded.js";
import {
  binaryF1,
  matthews,
  officialSquad2,
  type PrecisionRecall,
  pearson,
  type RankingScores,
  scoreEntities,
  scoreLabels,
  scoreMlqa,
  scoreRetrieval,
  scoreSquad1,
  scoreSquad2,
  spearman,
} from "./index.js";

const recorded = await readRecorded();

describe("what official scripts and libraries scored", () => {
  test("SQuAD 1.1: evaluate-v1.1.py, to the last digit", () => {
    for (const example of recorded.squad1) {
      const { exactMatch, f1 } = scoreSquad1(questionsOf(example), example.predictions);
      expect({ exact_match: exactMatch, f1 }).toEqual(example.expected);
    }
  });

  test("SQuAD 2.0: evaluate-v2.0.py, to the last digit, with its names in its order", () => {
    for (const { expected, hasAnswer, ...example } of recorded.squad2) {
      const scores = scoreSquad2(questionsOf(example), example.predictions, example);
      expect(Object.entries(officialSquad2(scores))).toEqual(Object.entries(expected));
      const best = [scores.best?.exactMatch.hasAnswer, scores.best?.f1.hasAnswer];
      expect(best.filter((score) => score !== undefined)).toEqual(hasAnswer);
    }
  });

  test("MLQA: mlqa_evaluation_v1.py in seven languages, to the last digit", () => {
    for (const example of recorded.mlqa) {
      const { exactMatch, f1 } = scoreMlqa(questionsOf(example), example.predictions, example.language);
      expect({ exact_match: exactMatch, f1 }).toEqual(example.expected);
    }
  });

  test("labels: scikit-learn's precision, recall, F1, accuracy and Matthews", () => {
    for (const { gold, predicted, zeroDivision, positive, expected } of recorded.labels) {
      const scores = scoreLabels(gold, predicted, { zeroDivision });
      const averages = [scores.micro, scores.macro, scores.weighted].flatMap((average) => listOf(average).slice(0, 3));
      expect(largestDifference(averages, expected.averages.flat())).toBeLessThan(tolerance);
      expect(largestDifference([...scores.labels.values()].flatMap(listOf), expected.labels.flat())).toBeLessThan(
        tolerance,
      );
      const single = [scores.accuracy, binaryF1(gold, predicted, positive), matthews(gold, predicted)];
      const singleExpected = [expected.accuracy, expected.binaryF1, expected.matthews];
      expect(largestDifference(single, singleExpected)).toBeLessThan(tolerance);
    }
  });

  test("correlations: SciPy's pearsonr and spearmanr, NaN where a list is constant", () => {
    for (const { gold, predicted, expected } of recorded.correlations) {
      const found = [pearson(gold, predicted), spearman(gold, predicted)];
      const wanted = expected.map((value) => value ?? Number.NaN);
      expect(largestDifference(found, wanted)).toBeLessThan(tolerance);
    }
  });

  test("entities: seqeval, leniently and strictly by each of its schemes", () => {
    for (const { scheme, gold, predicted, zeroDivision, expected } of recorded.entities) {
      const [golds, predictions] = [gold, predicted].map((texts) => texts.map((text) => text.split(" ")));
      const scores = scoreEntities(golds!, predictions!, { zeroDivision, ...(scheme && { scheme }) });
      const rows = [
        ...scores.types,
        ["micro avg", scores.micro],
        ["macro avg", scores.macro],
        ["weighted avg", scores.weighted],
      ] as const;
      expect(rows.map(([name]) => name)).toEqual(Object.keys(expected));
      // seqeval's macro average of no entities at all is NaN.
      const wanted = Object.values(expected).map((row) => row.map((value) => value ?? zeroDivision));
      expect(
        largestDifference(
          rows.flatMap(([, row]) => listOf(row)),
          wanted.flat(),
        ),
      ).toBeLessThan(tolerance);
    }
  });

  test("retrieval: trec_eval by way of pytrec_eval, with ties and queries that one side lacks", () => {
    for (const { judgements, run, expected } of recorded.retrieval) {
      const { at } = scoreRetrieval(judgements, run, Object.keys(expected).map(Number));
      const numbers = (scores: RankingScores): number[] => [
        scores.ndcg,
        scores.mrr,
        scores.map,
        scores.recall,
        scores.precision,
      ];
      const found = [...at.values()].flatMap(numbers);
      expect(largestDifference(found, Object.values(expected).flatMap(numbers))).toBeLessThan(tolerance);
    }
  });
});

function listOf({ precision, recall, f1, support }: PrecisionRecall): number[] {
  return [precision, recall, f1, support];
}
