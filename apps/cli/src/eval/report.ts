import { MetricError } from "@bertkit/metrics";
import { Failure } from "../failure.js";
import { printText } from "../output/print-text.js";
import { type Section, sectionPage } from "../terminal/section-page.js";
import type { EvalFlags } from "./eval-flags.js";

/** Numbers by name, one within another where scores have parts. */
export interface ScoreTree {
  readonly [name: string]: number | string | ScoreTree;
}

/** What an evaluation came to. */
export interface Report {
  /** Every digit, under the names that official scripts print where there are any. */
  readonly scores: ScoreTree;
  /** The same for people. */
  readonly page: readonly Section[];
}

/**
 * Prints scores: a page on a terminal, else one line of JSON.
 * @param score throws what the metrics throw, which becomes a failure
 */
export async function printReport(score: () => Report, flags: EvalFlags, signal: AbortSignal): Promise<void> {
  const { scores, page } = reportOf(score);
  const isPage = process.stdout.isTTY && !flags.json;
  await printText(isPage ? sectionPage(page) : `${JSON.stringify(scores)}\n`, signal);
}

function reportOf(score: () => Report): Report {
  try {
    return score();
  } catch (error) {
    if (!(error instanceof MetricError)) throw error;
    const isMissing = error.code === "missing_ids";
    const hint = isMissing ? "are the files of the same questions?" : "--help says what is scored, and how";
    throw new Failure(error.message, { cause: error, hint });
  }
}

/** A score from 0 to 1, or a correlation, for people. */
export const shownScore = (score: number): string => score.toFixed(4);

/** A score in percent for people. */
export const shownPercent = (score: number): string => score.toFixed(2).padStart(6);

/** So many of something, in words. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** The first ids of a list, for a message. */
export function firstOf(ids: readonly string[]): string {
  return `${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ", …" : ""}`;
}
