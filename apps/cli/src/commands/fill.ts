import type { FilledMask, MaskFiller } from "bertkit";
import { Failure } from "../failure.js";
import { pageHeading, pageResults } from "../similar/results-page.js";
import { openTaskRows, type TaskRow } from "../tasks/open-task-rows.js";
import { roundedScore } from "../tasks/rounded-score.js";
import { runTask, type TaskCommand } from "../tasks/run-task.js";
import type { TaskFlags } from "../tasks/task-flags.js";

/** The flags of `bertkit fill`. */
export interface FillFlags extends TaskFlags {
  /** Guesses a mask. */
  readonly top?: number;
  /** The only words to guess. */
  readonly targets?: readonly string[];
}

/** Writes what may stand in the place of each mask of each text, in their order. */
export async function fill(texts: readonly string[], flags: FillFlags, signal: AbortSignal): Promise<void> {
  const source = await openTaskRows(texts, flags, signal);
  const { loadMaskFiller } = await import("bertkit");
  await runTask(source, { load: loadMaskFiller, ...form(flags) }, flags, signal);
}

function form({ top, targets }: FillFlags): Omit<TaskCommand<MaskFiller, readonly FilledMask[]>, "load"> {
  return {
    answers: (filler, rows, options) => filler.fill(masked(rows, filler.mask), { ...options, top, targets }),
    columns: ["mask", "token", "score", "filled"],
    cells: (masks) =>
      masks.flatMap(({ guesses }, i) => guesses.map(({ token, score, text }) => [i + 1, token, score, text])),
    object: (masks) => ({
      masks: masks.map(({ start, end, guesses }) => ({
        start,
        end,
        guesses: guesses.map(({ token, score, text }) => ({ token, score: roundedScore(score), text })),
      })),
    }),
    page: (masks, { text }, columns) => {
      const page = { columns, isCosine: true };
      const lists = masks.map(({ guesses }) => {
        const shown = guesses.map(({ token, score, text }) => ({ score, texts: [{ place: token, text }] }));
        return pageResults(shown, page);
      });
      return `${pageHeading(text, page)}${lists.join("\n")}\n`;
    },
  };
}

async function* masked(rows: AsyncIterable<TaskRow>, mask: string): AsyncGenerator<string> {
  for await (const { text, place } of rows) {
    if (!text.includes(mask)) {
      throw new Failure(`${place}: there is no ${mask} in the text`, { hint: `put ${mask} where a word is missing` });
    }
    yield text;
  }
}
