import { parseNullOdds, parsePredictions, parseSquad } from "@bertkit/data";
import type { MlqaLanguage } from "@bertkit/metrics";
import { openDataFile } from "../eval/data-file.js";
import { printReport } from "../eval/report.js";
import { runSquad, type SquadRun, type SquadRunFlags } from "../eval/squad-run.js";
import { rulesOf, type SquadRules, scoreSquad } from "../eval/squad-scores.js";
import { Failure, usageFailure } from "../failure.js";
import { warn } from "../terminal/notices.js";

/** The flags of `bertkit eval squad`. */
export interface EvalSquadFlags extends SquadRunFlags {
  readonly rules?: SquadRules;
  readonly language?: MlqaLanguage;
  readonly nullOdds?: string;
  readonly threshold?: number;
}

/** Scores answers to SQuAD's questions: those of a file, or those that a model gives. */
export async function evalSquad(flags: EvalSquadFlags, signal: AbortSignal): Promise<void> {
  const { limit, language = "en", threshold, quiet = false } = flags;
  const data = await openDataFile(flags.data, signal);
  const read = await readAnswers(flags, signal);
  const file = await data.parse(parseSquad);
  const rules = flags.rules ?? rulesOf(file);
  const questions = file.questions.slice(0, limit);
  if (questions.length === 0) throw new Failure(`${data.name}: there are no questions`, { hint: "check the file" });
  const twice = file.warnings.find(({ code }) => code === "duplicate-id");
  if (twice && !quiet) warn(`${data.name}, ${twice.path}: ${twice.message}`);
  const answers = read ?? (await runSquad(questions, rules === "2.0", flags, signal));
  const isPart = limit !== undefined;
  const score = () => scoreSquad({ questions }, { ...answers, threshold, rules, language }, { isPart, quiet });
  await printReport(score, flags, signal);
}

/** Undefined where a model is to be asked. */
async function readAnswers(flags: EvalSquadFlags, signal: AbortSignal): Promise<SquadRun | undefined> {
  if (flags.predictions === undefined) {
    if (flags.nullOdds === undefined) return undefined;
    throw usageFailure("--null-odds belong to --predictions; a model has its own", "leave --null-odds out");
  }
  const predictions = await (await openDataFile(flags.predictions, signal)).parse(parsePredictions);
  if (flags.nullOdds === undefined) return { predictions, nullOdds: undefined };
  return { predictions, nullOdds: await (await openDataFile(flags.nullOdds, signal)).parse(parseNullOdds) };
}
