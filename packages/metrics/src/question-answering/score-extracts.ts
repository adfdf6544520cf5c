import type { ById } from "../by-id.js";
import { type GoldQuestion, noQuestions, predictionOf, unknownIds } from "./gold-question.js";
import type { AnswerScores } from "./overlap.js";

/** What answers cut from texts scored over a data set all of whose questions have answers. */
export interface ExtractScores {
  /** Percent of the questions answered to the letter, after normalising. */
  readonly exactMatch: number;
  /** Mean F1 over tokens, in percent. */
  readonly f1: number;
  /** How many questions there are; those without a prediction count, and score 0. */
  readonly total: number;
  /** The questions without a prediction. */
  readonly missing: readonly string[];
  /** The predictions that belong to no question. */
  readonly unknown: readonly string[];
  /** What each question scored, from 0 to 1. */
  readonly questions: ReadonlyMap<string, AnswerScores>;
}

/** The means of what `scoreAnswer` gives each prediction, added up in the questions' order. */
export function scoreExtracts(
  questions: Iterable<GoldQuestion>,
  predictions: ById<string>,
  scoreAnswer: (answers: readonly string[], prediction: string) => AnswerScores,
): ExtractScores {
  const scored = new Map<string, AnswerScores>();
  const missing: string[] = [];
  let [exactMatch, f1, total] = [0, 0, 0];
  for (const { id, answers } of questions) {
    total++;
    const prediction = predictionOf(predictions, id);
    if (prediction === undefined) missing.push(id);
    const scores = prediction === undefined ? { exactMatch: 0, f1: 0 } : scoreAnswer(answers, prediction);
    scored.set(id, scores);
    exactMatch += scores.exactMatch;
    f1 += scores.f1;
  }
  if (total === 0) throw noQuestions();
  return {
    exactMatch: (100 * exactMatch) / total,
    f1: (100 * f1) / total,
    total,
    missing,
    unknown: unknownIds(predictions, scored),
    questions: scored,
  };
}
