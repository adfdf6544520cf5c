import type { NextSentencePrediction, NextSentencePredictor } from "bertkit";
import { Failure } from "../failure.js";
import { pageResults } from "../similar/results-page.js";
import { openTaskRows, type TaskRow } from "../tasks/open-task-rows.js";
import { roundedScore } from "../tasks/rounded-score.js";
import { runTask, type TaskCommand } from "../tasks/run-task.js";
import type { TaskFlags } from "../tasks/task-flags.js";

/** Writes for each pair whether its second text follows its first, in their order. */
export async function next(pairs: readonly string[], flags: TaskFlags, signal: AbortSignal): Promise<void> {
  const source = await openTaskRows(pairs, flags, signal);
  const { loadNextSentencePredictor } = await import("bertkit");
  await runTask(source, { load: loadNextSentencePredictor, ...form }, flags, signal);
}

const form: Omit<TaskCommand<NextSentencePredictor, NextSentencePrediction>, "load"> = {
  answers: (predictor, rows, options) => predictor.next(pairsOf(rows), options),
  columns: ["follows", "score"],
  cells: ({ follows, score }) => [[follows, score]],
  object: ({ follows, score }) => ({ follows, score: roundedScore(score) }),
  page: ({ follows, score }, { given }, columns) => {
    const place = follows ? "follows" : "does not";
    return pageResults([{ score, texts: [{ place, text: given.join(" ||| ") }] }], { columns, isCosine: true });
  },
};

async function* pairsOf(rows: AsyncIterable<TaskRow>): AsyncGenerator<readonly [string, string]> {
  for await (const { texts, place } of rows) {
    const [first, second] = texts;
    if (second === undefined) {
      const hint = 'put " ||| " between two texts, or name two columns with --fields a,b';
      throw new Failure(`${place}: this is one text, wanted a pair`, { hint });
    }
    yield [first, second];
  }
}
