import type { Answer, Answerer, AnswerOptions, QuestionInContext, TaskProgress } from "bertkit";
import { answerPage, type ShownAnswer } from "../answer/answer-page.js";
import { openQuestionRows } from "../answer/question-rows.js";
import { codeOf, Failure } from "../failure.js";
import { roundedScore } from "../tasks/rounded-score.js";
import { runTask, type TaskCommand } from "../tasks/run-task.js";
import type { TaskFlags } from "../tasks/task-flags.js";
import { warnOfCuts } from "../tasks/warn-of-cuts.js";

/** The flags of `bertkit answer`; those of windows and decoding are the library's options. */
export interface AnswerFlags extends TaskFlags {
  /** The text that all questions are about, or the file that it is in. */
  readonly context?: string;
  readonly stride?: number;
  readonly maxQuestionLength?: number;
  readonly nBest?: number;
  readonly maxAnswerTokens?: number;
  /** Whether there may be no answer; a `nullThreshold` says so too. */
  readonly unanswerable?: boolean;
  readonly nullThreshold?: number;
  /** So many answers of each question. */
  readonly top?: number;
}

/** Writes the stretch of a context that answers each question, in their order. */
export async function answer(questions: readonly string[], flags: AnswerFlags, signal: AbortSignal): Promise<void> {
  const source = await openQuestionRows(questions, flags, signal);
  const { loadAnswerer } = await import("bertkit");
  let progress: TaskProgress | undefined;
  const answers: AnswerCommand["answers"] = (answerer, rows, options) =>
    answersTo(rows, answerer, {
      ...optionsOf(flags),
      ...options,
      onProgress: (made) => {
        progress = made;
        options.onProgress?.({ ...made, truncated: 0 }); // no text is cut to --max-length, which it would warn of
      },
    });
  await runTask(source, { load: loadAnswerer, answers, ...form(flags) }, flags, signal);
  if (!progress || flags.quiet) return;
  const { maxQuestionLength: tokens = 64 } = flags;
  warnOfCuts({ ...progress, noun: "questions" }, { tokens, flag: "--max-question-length" });
}

type AnswerCommand = TaskCommand<Answerer, Answer>;

const optionsOf = (flags: AnswerFlags): AnswerOptions => ({
  maxLength: flags.maxLength,
  stride: flags.stride,
  maxQuestionLength: flags.maxQuestionLength,
  nBest: flags.nBest,
  maxAnswerTokens: flags.maxAnswerTokens,
  nullThreshold: flags.nullThreshold ?? (flags.unanswerable ? 0 : undefined),
});

async function* answersTo(
  rows: Parameters<AnswerCommand["answers"]>[1],
  answerer: Answerer,
  options: AnswerOptions,
): AsyncGenerator<Answer> {
  let place = "";
  async function* questions(): AsyncGenerator<QuestionInContext> {
    for await (const row of rows) {
      const [question, context] = row.texts as readonly [string, string];
      place = row.place;
      yield { question, context };
    }
  }
  try {
    yield* answerer.answer(questions(), options);
  } catch (error) {
    if (codeOf(error) !== "maximum_too_short") throw error;
    throw new Failure(`${place}: the question fills the window, and leaves no room for the context`, {
      cause: error,
      hint: "--max-question-length cuts questions earlier, --max-length makes windows longer",
    });
  }
}

function form({ top = 1, ...flags }: AnswerFlags): Omit<AnswerCommand, "load" | "answers"> {
  const mayBeNone = optionsOf(flags).nullThreshold !== undefined;
  const chosen = (given: Answer): readonly ShownAnswer[] => answersOf(given).slice(0, top);
  const odds = ({ nullOdds }: Answer): number => roundedScore(nullOdds ?? 0);
  return {
    columns: ["answer", "start", "end", "score", ...(mayBeNone ? ["nullOdds"] : [])],
    cells: (given) =>
      chosen(given).map(({ text, start, end, score }) => [
        text,
        start,
        end,
        score,
        ...(mayBeNone ? [odds(given)] : []),
      ]),
    object: (given) => ({
      answer: given.text,
      start: given.start,
      end: given.end,
      score: roundedScore(given.score),
      ...(mayBeNone && { nullOdds: odds(given) }),
      ...(top > 1 && { answers: chosen(given).map((one) => ({ ...one, score: roundedScore(one.score) })) }),
    }),
    page: (given, { texts }, columns) => answerPage(texts as readonly [string, string], chosen(given), columns),
  };
}

/** The answer, then the others of the n best: an answer that may be none need not be the likeliest of them. */
function answersOf({ text, start, end, score, answers }: Answer): readonly ShownAnswer[] {
  const others = answers.filter((other) => other.start !== start || other.end !== end);
  const shown = others.map((other) => ({
    text: other.text,
    start: other.start,
    end: other.end,
    score: other.probability,
  }));
  return [{ text, start, end, score }, ...shown];
}
