import { type ById, lookUp } from "../by-id.js";
import { MetricError, shown, shownIds } from "../metric-error.js";
import { type BestThresholds, findBestThresholds } from "./best-thresholds.js";
import { type GoldQuestion, noQuestions, predictionOf, unknownIds } from "./gold-question.js";
import { type AnswerScores, bestOf, sameTokens, tokenF1 } from "./overlap.js";
import { squadTokens } from "./squad-tokens.js";

/** Means over some questions. */
export interface Squad2Means {
  /** Percent of the questions answered to the letter, after normalising. */
  readonly exactMatch: number;
  /** Mean F1 over tokens, in percent. */
  readonly f1: number;
  /** How many questions these are. */
  readonly total: number;
}

/** What predictions scored on a data set some of whose questions cannot be answered. */
export interface Squad2Scores extends Squad2Means {
  /** Over the questions that have an answer; absent where there are none. */
  readonly hasAnswer?: Squad2Means;
  /** Over the questions that have no answer; absent where there are none. */
  readonly noAnswer?: Squad2Means;
  /** What the best threshold would give; absent without null odds. */
  readonly best?: BestThresholds;
  /** The predictions that belong to no question. */
  readonly unknown: readonly string[];
  /** What each question scored, from 0 to 1, the threshold applied. */
  readonly questions: ReadonlyMap<string, AnswerScores>;
}

export interface Squad2Options {
  /** How much speaks for "no answer", by question: null_odds.json, or the script's probabilities. */
  readonly nullOdds?: ById<number>;
  /** Above these odds a question counts as predicted to have no answer. The script's default of 1 fits probabilities. */
  readonly threshold?: number;
}

/**
 * Exact match and F1 as SQuAD 2.0's `evaluate-v2.0.py` counts them, to the last digit (Rajpurkar et al., 2018). "" is
 * the prediction of no answer. Sums are plain additions in the questions' order, as Python's up to 3.11; from 3.12 on
 * its `sum` rounds less, and its last digit may differ.
 *
 * Throws a MetricError: `empty` without questions, `missing_ids` for questions without a prediction or without null odds
 * (the script fails there too), `value` for a prediction that is no text or odds that are no number.
 */
export function scoreSquad2(
  questions: Iterable<GoldQuestion>,
  predictions: ById<string>,
  { nullOdds, threshold = 1 }: Squad2Options = {},
): Squad2Scores {
  const answerable = new Map<string, boolean>();
  const raw = new Map<string, AnswerScores>();
  const missing: string[] = [];
  for (const { id, answers } of questions) {
    answerable.set(id, answers.length > 0);
    const prediction = predictionOf(predictions, id);
    if (prediction === undefined) missing.push(id);
    else raw.set(id, scoreSquad2Answer(answers, prediction));
  }
  if (missing.length > 0) throw incomplete("prediction", missing, 'a prediction of "" says that there is no answer');
  if (raw.size === 0) throw noQuestions();
  const odds = nullOdds && oddsOf(nullOdds, answerable);
  const scores = new Map<string, AnswerScores>();
  for (const [id, score] of raw)
    scores.set(id, (odds?.get(id) ?? 0) > threshold ? noAnswerScores(!answerable.get(id)) : score);
  return {
    ...means(scores.values()),
    ...groupMeans(scores, answerable),
    ...(nullOdds && { best: findBestThresholds({ answerable, scores: raw, predictions, nullOdds }) }),
    unknown: unknownIds(predictions, answerable),
    questions: scores,
  };
}

/**
 * What one answer scores by the rules of SQuAD 2.0: gold answers without tokens are dropped, none left stands for no
 * answer, and beside an empty answer F1 is 1 or 0.
 */
export function scoreSquad2Answer(answers: readonly string[], prediction: string): AnswerScores {
  const golds = answers.map(squadTokens).filter((tokens) => tokens.length > 0);
  return bestOf(golds.length > 0 ? golds : [[]], squadTokens(prediction), (gold, answer) =>
    gold.length === 0 || answer.length === 0 ? Number(sameTokens(gold, answer)) : tokenF1(gold, answer),
  );
}

/** Scores under the names and in the order that `evaluate-v2.0.py` prints, for reports that others' programs read. */
export function officialSquad2({ hasAnswer, noAnswer, best, ...overall }: Squad2Scores): Record<string, number> {
  return {
    ...official(overall),
    ...(hasAnswer && official(hasAnswer, "HasAns_")),
    ...(noAnswer && official(noAnswer, "NoAns_")),
    ...(best && {
      best_exact: best.exactMatch.score,
      best_exact_thresh: best.exactMatch.threshold,
      best_f1: best.f1.score,
      best_f1_thresh: best.f1.threshold,
    }),
  };
}

function incomplete(what: string, missing: readonly string[], hint: string): MetricError {
  return new MetricError(
    "missing_ids",
    `SQuAD 2.0 wants a ${what} for each question, and ${shownIds(missing)} have none: ${hint}; ` +
      "to score some of the questions, hand in those alone",
  );
}

function oddsOf(nullOdds: ById<number>, answerable: ReadonlyMap<string, boolean>): Map<string, number> {
  const odds = new Map<string, number>();
  const missing: string[] = [];
  for (const id of answerable.keys()) {
    const value = lookUp(nullOdds, id);
    if (value === undefined) missing.push(id);
    else if (typeof value === "number" && !Number.isNaN(value)) odds.set(id, value);
    else throw new MetricError("value", `null odds are numbers, and those of ${shown(id)} are ${shown(value)}`);
  }
  if (missing.length > 0) throw incomplete("number of null odds", missing, "without nullOdds none are wanted");
  return odds;
}

function noAnswerScores(right: boolean): AnswerScores {
  return { exactMatch: Number(right), f1: Number(right) };
}

function groupMeans(
  scores: ReadonlyMap<string, AnswerScores>,
  answerable: ReadonlyMap<string, boolean>,
): Pick<Squad2Scores, "hasAnswer" | "noAnswer"> {
  const group = (wanted: boolean): AnswerScores[] =>
    [...scores].filter(([id]) => answerable.get(id) === wanted).map(([, score]) => score);
  const [hasAnswer, noAnswer] = [group(true), group(false)];
  return {
    ...(hasAnswer.length > 0 && { hasAnswer: means(hasAnswer) }),
    ...(noAnswer.length > 0 && { noAnswer: means(noAnswer) }),
  };
}

function means(scores: Iterable<AnswerScores>): Squad2Means {
  let [exactMatch, f1, total] = [0, 0, 0];
  for (const score of scores) {
    exactMatch += score.exactMatch;
    f1 += score.f1;
    total++;
  }
  return { exactMatch: (100 * exactMatch) / total, f1: (100 * f1) / total, total };
}

function official({ exactMatch, f1, total }: Squad2Means, prefix = ""): Record<string, number> {
  return { [`${prefix}exact`]: exactMatch, [`${prefix}f1`]: f1, [`${prefix}total`]: total };
}
