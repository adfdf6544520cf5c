import { parseNullOdds, parsePredictions, parseSquad } from "@bertkit/data";
import type { MlqaLanguage } from "@bertkit/metrics";
import { openDataFile } from "../eval/data-file.js";
import type { EvalFlags } from "../eval/eval-flags.js";
import { printReport } from "../eval/report.js";
import { rulesOf, type SquadRules, scoreSquad } from "../eval/squad-scores.js";
import { usageFailure } from "../failure.js";

/** The flags of `bertkit eval squad`. */
export interface EvalSquadFlags extends EvalFlags {
  readonly outputDir?: string;
  readonly rules?: SquadRules;
  readonly language?: MlqaLanguage;
  readonly nullOdds?: string;
  readonly threshold?: number;
  readonly docStride?: number;
  readonly maxQueryLength?: number;
  readonly nBestSize?: number;
  readonly maxAnswerLength?: number;
  readonly nullScoreDiffThreshold?: number;
}

/** Scores answers to SQuAD's questions: those of a file, or those that a model gives. */
export async function evalSquad(flags: EvalSquadFlags, signal: AbortSignal): Promise<void> {
  const { limit, language = "en", threshold, quiet = false } = flags;
  const data = await openDataFile(flags.data, signal);
  const predicted = flags.predictions === undefined ? undefined : await openDataFile(flags.predictions, signal);
  const odds = flags.nullOdds === undefined ? undefined : await openDataFile(flags.nullOdds, signal);
  const file = await data.parse(parseSquad);
  const rules = flags.rules ?? rulesOf(file);
  const questions = file.questions.slice(0, limit);
  const predictions = await predicted?.parse(parsePredictions);
  const nullOdds = await odds?.parse(parseNullOdds);
  if (predictions) {
    const answers = { predictions, nullOdds, threshold, rules, language };
    const report = scoreSquad({ questions }, answers, { isPart: limit !== undefined, quiet });
    return printReport(report, flags, signal);
  }
  throw usageFailure("no predictions", "name them with --predictions");
}
