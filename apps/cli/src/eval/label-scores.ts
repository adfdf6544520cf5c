import { glueMetrics, scoreLabels } from "@bertkit/metrics";
import type { LabelData } from "./label-data.js";
import { counted, type Report, type ScoreTree, shownScore } from "./report.js";

/**
 * Scores labels as the task is scored, those of examples that have none left out; where examples are in several languages,
 * each on its own and their mean, as XNLI is reported.
 * @param predicted as the data spells them, one for each example
 */
export function scoreLabelData(data: LabelData, predicted: readonly string[]): Report {
  const pairs = data.examples.flatMap(({ label, language }, i) => {
    return label === undefined ? [] : [{ gold: label, predicted: predicted[i] as string, language: language ?? "" }];
  });
  const languages = [...new Set(pairs.map(({ language }) => language))];
  const isMany = languages.length > 1;
  const byLanguage = languages.map((language) => {
    return scoresOf(data, isMany ? pairs.filter((pair) => pair.language === language) : pairs);
  });
  const scores = data.metrics.map(
    (metric) => [metric, meanOf(byLanguage.map((scores) => scores[metric] as number))] as const,
  );
  const languageScores = Object.fromEntries(languages.map((language, i) => [language, byLanguage[i] as ScoreTree]));
  const total = pairs.length;
  return {
    scores: { ...Object.fromEntries(scores), total, ...(isMany && { languages: languageScores }) },
    page: [
      [
        data.title,
        [
          ...scores.map(([metric, score]) => [titles[metric], shownScore(score)] as const),
          ["scored", counted(total, "example")],
        ],
      ],
      ...(isMany
        ? [
            [
              "Accuracy by language",
              languages.map((name, i) => [name, shownScore(byLanguage[i]?.accuracy ?? 0)] as const),
            ] as const,
          ]
        : []),
    ],
  };
}

const titles: Readonly<Record<LabelData["metrics"][number], string>> = {
  accuracy: "accuracy",
  f1: "F1",
  macro_f1: "macro F1",
  matthews: "Matthews",
  pearson: "Pearson",
  spearman: "Spearman",
};

interface LabelPair {
  readonly gold: string;
  readonly predicted: string;
}

function scoresOf({ labels, metrics }: LabelData, pairs: readonly LabelPair[]): Readonly<Record<string, number>> {
  const gold = pairs.map((pair) => labels.indexOf(pair.gold));
  const predicted = pairs.map((pair) => labels.indexOf(pair.predicted));
  return Object.fromEntries(
    metrics.map((metric) => {
      if (metric === "macro_f1") return [metric, scoreLabels(gold, predicted).macro.f1];
      return [metric, glueMetrics[metric](gold, predicted)];
    }),
  );
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
