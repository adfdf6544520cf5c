import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type NBestAnswer, type SquadQuestion, toNBestJson, toNullOddsJson, toPredictionsJson } from "@bertkit/data";
import type { Answerer, AnswerOptions } from "bertkit";
import { systemFailure } from "../failure.js";
import { fileDestination } from "../output/file-destination.js";
import { openTaskModel } from "../tasks/open-task-model.js";
import type { EvalFlags } from "./eval-flags.js";
import { gatherPredictions, type PredictionJob } from "./gather-predictions.js";
import { modelIdentity } from "./model-identity.js";
import { planRun } from "./plan-run.js";

/** The flags that say how a model answers, and where its answers go. */
export interface SquadRunFlags extends EvalFlags {
  readonly outputDir?: string;
  readonly docStride?: number;
  readonly maxQueryLength?: number;
  readonly nBestSize?: number;
  readonly maxAnswerLength?: number;
  readonly nullScoreDiffThreshold?: number;
}

/** What a model answers, by the questions' ids. */
export interface SquadRun {
  readonly predictions: ReadonlyMap<string, string>;
  /** Undefined where every question has an answer. */
  readonly nullOdds: ReadonlyMap<string, number> | undefined;
}

interface Prediction {
  readonly text: string;
  readonly answers: readonly NBestAnswer[];
  readonly nullOdds?: number;
}

/**
 * Asks a model all questions, as run_squad does, and writes its three files where the flags name a folder.
 * @param mayBeNull whether a question may have no answer, as in SQuAD 2.0
 */
export async function runSquad(
  questions: readonly SquadQuestion[],
  mayBeNull: boolean,
  flags: SquadRunFlags,
  signal: AbortSignal,
): Promise<SquadRun> {
  const { outputDir } = flags;
  if (outputDir !== undefined) await makeFolder(outputDir);
  const plan = await planRun(outputDir && join(outputDir, "predictions.json"), flags, [flags.data]);
  const { loadAnswerer } = await import("bertkit");
  using answerer = await openTaskModel<Answerer>(flags, signal, loadAnswerer);
  const { maxQueryLength = 64 } = flags;
  const options = answerOptions(flags, mayBeNull);
  const job: PredictionJob<SquadQuestion, Prediction> = {
    items: questions,
    cellsOf: ({ id, question, context }) => [id, question, context],
    async *predict(asked, onProgress) {
      const { batchTokens } = flags;
      for await (const answer of answerer.answer(asked, { ...options, batchTokens, signal, onProgress })) {
        const { text, answers, nullOdds } = answer;
        // Where no stretch can be the answer and there must be one, run_squad.py predicts the word "empty".
        yield {
          text: mayBeNull ? text : (answers[0]?.text ?? text),
          answers,
          ...(nullOdds !== undefined && { nullOdds }),
        };
      }
    },
    async fileText(predictions) {
      const byId = <Value>(pick: (prediction: Prediction) => Value) =>
        new Map(questions.map(({ id }, i) => [id, pick(predictions[i] as Prediction)]));
      const write = (name: string, text: string) => writeWhole(join(outputDir as string, name), text, signal);
      await write("nbest_predictions.json", toNBestJson(byId(({ answers }) => answers)));
      if (mayBeNull) await write("null_odds.json", toNullOddsJson(byId(({ nullOdds = 0 }) => nullOdds)));
      return toPredictionsJson(byId(({ text }) => text));
    },
    identity: () => modelIdentity(flags, answerer, { ...options }),
    limit: { tokens: maxQueryLength, flag: "--max-query-length" },
  };
  const answers = await gatherPredictions(job, plan, flags, signal);
  const nullOdds = new Map(answers.map(({ nullOdds = 0 }, i) => [questions[i]!.id, nullOdds]));
  return {
    predictions: new Map(answers.map(({ text }, i) => [questions[i]!.id, text])),
    nullOdds: mayBeNull ? nullOdds : undefined,
  };
}

function answerOptions(flags: SquadRunFlags, mayBeNull: boolean): AnswerOptions {
  const { maxLength, docStride, maxQueryLength, nBestSize, maxAnswerLength, nullScoreDiffThreshold = 0 } = flags;
  return {
    maxLength,
    stride: docStride,
    maxQuestionLength: maxQueryLength,
    nBest: nBestSize,
    maxAnswerTokens: maxAnswerLength,
    ...(mayBeNull && { nullThreshold: nullScoreDiffThreshold }),
  };
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw systemFailure(path, error);
  });
}

async function writeWhole(path: string, text: string, signal: AbortSignal): Promise<void> {
  await using file = await fileDestination(path, signal);
  await file.write(text);
  await file.complete();
}
