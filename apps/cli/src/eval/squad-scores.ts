import type { SquadFile } from "@bertkit/data";
import {
  type ExtractScores,
  type MlqaLanguage,
  officialSquad2,
  type Squad2Means,
  type Squad2Scores,
  scoreMlqa,
  scoreSquad1,
  scoreSquad2,
} from "@bertkit/metrics";
import { Failure, usageFailure } from "../failure.js";
import { note, warn } from "../terminal/notices.js";
import { counted, firstOf, type Report, shownPercent } from "./report.js";

/** Whose script counts: those of SQuAD 1.1 and 2.0, or MLQA's, which knows languages. */
export type SquadRules = "1.1" | "2.0" | "mlqa";

/** The answers that are scored, and how. */
export interface SquadAnswers {
  readonly predictions: ReadonlyMap<string, string>;
  /** How much speaks for "no answer", by the questions' ids. */
  readonly nullOdds?: ReadonlyMap<string, number> | undefined;
  /** Odds above it count as "no answer". */
  readonly threshold?: number | undefined;
  readonly rules: SquadRules;
  readonly language: MlqaLanguage;
}

/** The rules that a file is made for: those of 2.0 where some of its questions cannot be answered. */
export function rulesOf({ version = "", questions }: SquadFile): SquadRules {
  return /^v?2/.test(version) || questions.some(({ impossible }) => impossible) ? "2.0" : "1.1";
}

/**
 * Scores answers as the official scripts do.
 * @param isPart whether the questions are some of those that there are predictions for
 * @throws {Failure} where no prediction is for any of the questions; as the metrics do.
 */
export function scoreSquad(
  { questions }: Pick<SquadFile, "questions">,
  answers: SquadAnswers,
  { isPart, quiet }: { readonly isPart: boolean; readonly quiet: boolean },
): Report {
  const { predictions, nullOdds, threshold, rules, language } = answers;
  const gold = questions.map(({ id, answers }) => ({ id, answers: answers.map(({ text }) => text) }));
  if (gold.length > 0 && !gold.some(({ id }) => predictions.has(id))) throw ofOthers(gold[0]?.id, predictions);
  if (rules !== "2.0" && nullOdds) {
    throw usageFailure(`null odds are for the rules of SQuAD 2.0, not ${rules}`, "leave --null-odds out");
  }
  if (rules === "2.0") {
    const scores = scoreSquad2(gold, predictions, {
      ...(nullOdds && { nullOdds }),
      ...(threshold !== undefined && { threshold }),
    });
    if (!quiet && !isPart) noteUnknown(scores.unknown);
    return squad2Report(scores);
  }
  const scores = rules === "mlqa" ? scoreMlqa(gold, predictions, language) : scoreSquad1(gold, predictions);
  if (!quiet) {
    warnOfMissing(scores);
    if (!isPart) noteUnknown(scores.unknown);
  }
  return squad1Report(scores, rules === "mlqa" ? `MLQA's rules, ${language}` : "SQuAD 1.1");
}

function ofOthers(wanted: string | undefined, predictions: ReadonlyMap<string, string>): Failure {
  const [came] = predictions.keys();
  const problem = came === undefined ? "there are no predictions" : "no prediction is for a question of the data";
  const ids = came === undefined ? "" : `: questions have ids such as ${wanted}, predictions such as ${came}`;
  return new Failure(`${problem}${ids}`, { hint: "give the data that the predictions were made for" });
}

function warnOfMissing({ missing, total }: ExtractScores): void {
  if (missing.length === 0) return;
  const questions = `${missing.length.toLocaleString("en")} of ${counted(total, "question")}`;
  warn(`${questions} have no prediction and score 0 (${firstOf(missing)})`);
}

function noteUnknown(unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  note(`${counted(unknown.length, "prediction")} for no question of the data: left out (${firstOf(unknown)})`);
}

function squad1Report({ exactMatch, f1, total }: ExtractScores, title: string): Report {
  return {
    scores: { exact_match: exactMatch, f1, total },
    page: [
      [
        title,
        [
          ["exact match", shownPercent(exactMatch)],
          ["F1", shownPercent(f1)],
          ["questions", total.toLocaleString("en")],
        ],
      ],
    ],
  };
}

function squad2Report(scores: Squad2Scores): Report {
  const { hasAnswer, noAnswer, best } = scores;
  const rows = ({ exactMatch, f1, total }: Squad2Means): [string, string][] => [
    ["exact match", shownPercent(exactMatch)],
    ["F1", shownPercent(f1)],
    ["questions", total.toLocaleString("en")],
  ];
  const at = ({ score, threshold }: { score: number; threshold: number }): string =>
    `${shownPercent(score)}, threshold ${threshold}`;
  return {
    scores: officialSquad2(scores),
    page: [
      ["SQuAD 2.0", rows(scores)],
      ...(hasAnswer ? [["With an answer", rows(hasAnswer)] as const] : []),
      ...(noAnswer ? [["Without an answer", rows(noAnswer)] as const] : []),
      ...(best
        ? [
            [
              "With the best thresholds",
              [
                ["exact match", at(best.exactMatch)],
                ["F1", at(best.f1)],
              ],
            ] as const,
          ]
        : []),
    ],
  };
}
