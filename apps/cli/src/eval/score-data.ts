import { readScoredPairs, type ScoredPair } from "@bertkit/data";
import { scoreSimilarity } from "@bertkit/metrics";
import { Failure } from "../failure.js";
import type { DataFile } from "./data-file.js";
import { checkCount, readScores } from "./read-predictions.js";
import { counted, type Report, shownScore } from "./report.js";

/** A pair of texts that people have scored. */
export type GoldPair = ScoredPair & { readonly score: number };

/**
 * Reads pairs of texts with scores.
 * @throws {Failure} for a file without pairs, and where a pair has no score.
 */
export async function readGoldPairs(file: DataFile, limit: number | undefined): Promise<readonly GoldPair[]> {
  const pairs = await file.readAll(readScoredPairs, limit);
  if (pairs.length === 0) throw new Failure(`${file.name}: there are no pairs`, { hint: "check the file" });
  const unscored = pairs.find(({ score }) => score === undefined);
  if (unscored) {
    const hint = "files to be predicted have none; give one that people have scored";
    throw new Failure(`${file.name}:${unscored.line}: this pair has no score to compare with`, { hint });
  }
  return pairs as readonly GoldPair[];
}

/**
 * The numbers that a file predicts for pairs.
 * @throws {Failure} for what is no number, and where there is not one for each pair.
 */
export async function readPredictedScores(
  named: string,
  pairs: readonly GoldPair[],
  { limit }: { readonly limit?: number },
  signal: AbortSignal,
): Promise<readonly number[]> {
  const scores = await readScores(named, signal);
  checkCount(scores.length, pairs.length, limit !== undefined);
  return scores.slice(0, pairs.length);
}

/** How well scores go with those that people gave. */
export function scorePairs(pairs: readonly GoldPair[], predicted: readonly number[]): Report {
  const gold = pairs.map(({ score }) => score);
  const { pearson, spearman } = scoreSimilarity(gold, predicted);
  const rows = [
    ["Pearson", shownScore(pearson)],
    ["Spearman", shownScore(spearman)],
    ["scored", counted(pairs.length, "pair")],
  ] as const;
  return { scores: { pearson, spearman, total: pairs.length }, page: [["Similarity", rows]] };
}
