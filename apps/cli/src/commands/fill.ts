import type { FilledMask, FillOptions, MaskFiller } from "bertkit";
import { codeOf, Failure, messageOf } from "../failure.js";
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
    answers: (filler, rows, options) => filled(rows, filler, { ...options, top, targets }),
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

async function* filled(
  rows: AsyncIterable<TaskRow>,
  filler: MaskFiller,
  options: FillOptions,
): AsyncGenerator<readonly FilledMask[]> {
  const { mask } = filler;
  let reached: TaskRow | undefined;
  async function* texts(): AsyncGenerator<string> {
    for await (const row of rows) {
      reached = row;
      if (!row.text.includes(mask)) {
        const hint = `put ${mask} where a word is missing`;
        throw new Failure(`${row.place}: there is no ${mask} in the text`, { hint });
      }
      yield row.text;
    }
  }
  try {
    yield* filler.fill(texts(), options);
  } catch (error) {
    throw codeOf(error) === "CONFIG" ? refused(error, reached) : error;
  }
}

/** What the library says of the targets, before it reads a text, or of the text that it has come to. */
function refused(error: unknown, reached: TaskRow | undefined): Failure {
  const problem = messageOf(error).replace(/^fill: /, "");
  if (reached === undefined) {
    const hint = 'each target is one token: "bertkit tokenize WORD" shows what a word is made of';
    return new Failure(problem, { cause: error, hint });
  }
  const hint = "put it earlier, or let --max-length read more, up to the model's positions (bertkit info)";
  return new Failure(`${reached.place}: ${problem}`, { cause: error, hint });
}
