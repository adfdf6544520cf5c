import type { RankedItem, Reranker, TaskOptions, TaskProgress } from "bertkit";
import { Failure, usageFailure } from "../failure.js";
import { openRows } from "../input/open-rows.js";
import type { Row } from "../rows/row.js";
import { openResults } from "../similar/open-results.js";
import { resultFormOf, resultTable, scoreColumn } from "../similar/result-forms.js";
import { pageHeading, pageResults } from "../similar/results-page.js";
import { openTaskModel } from "../tasks/open-task-model.js";
import { openTaskRows, type TaskRow } from "../tasks/open-task-rows.js";
import { roundedScore } from "../tasks/rounded-score.js";
import { runTask, type TaskCommand } from "../tasks/run-task.js";
import type { TaskFlags } from "../tasks/task-flags.js";
import { lengthLimitOf, warnOfCuts } from "../tasks/warn-of-cuts.js";
import { warn } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";

/** The flags of `bertkit rank`. */
export interface RankFlags extends TaskFlags {
  /** So many of the best. */
  readonly top?: number;
}

/** Writes the passages that answer a query best; with two columns, how well each row's second answers its first. */
export async function rank(
  query: string | undefined,
  passages: readonly string[],
  flags: RankFlags,
  signal: AbortSignal,
): Promise<void> {
  if (flags.fields) {
    checkPairs(query, flags);
    const source = await openTaskRows([], flags, signal);
    const { loadReranker } = await import("bertkit");
    await runTask(source, { load: loadReranker, ...pairForm }, flags, signal);
  } else if (query === undefined) {
    const hint = "give one before the passages, or name two columns with --fields query,passage";
    throw usageFailure("there is no query", hint);
  } else await rankPassages(query, passages, flags, signal);
}

function checkPairs(query: string | undefined, { top }: RankFlags): void {
  if (query !== undefined) {
    throw usageFailure("--fields scores two columns, and takes no query", "leave one of them out");
  }
  if (top !== undefined)
    throw usageFailure("--top is not for --fields", "every row gets a score: filter what comes out");
}

const pairForm: Omit<TaskCommand<Reranker, number>, "load"> = {
  answers: (reranker, rows, options) => reranker.score(pairsOf(rows), options),
  columns: [scoreColumn],
  cells: (score) => [[score]],
  object: (score) => ({ score: roundedScore(score) }),
  page: (score, { given }, columns) => {
    const shown = { score, texts: given.map((text) => ({ text, place: "" })) };
    return pageResults([shown], { columns, isCosine: isShare(score) });
  },
};

async function* pairsOf(rows: AsyncIterable<TaskRow>): AsyncGenerator<readonly [string, string]> {
  for await (const { texts } of rows) yield texts as readonly [string, string];
}

async function rankPassages(
  query: string,
  passages: readonly string[],
  flags: RankFlags,
  signal: AbortSignal,
): Promise<void> {
  const form = resultFormOf(flags, "jsonl");
  const source = await openRows(passages, flags, signal);
  const names = (await source.columns()).map(({ name }) => name);
  const columns = ["query", "rank", scoreColumn, "place", ...names, "text"];
  const table = form === "page" ? undefined : resultTable(form, columns);
  await using results = await openResults(flags, signal);
  const { loadReranker } = await import("bertkit");
  using reranker = await openTaskModel(flags, signal, loadReranker);
  const { found, progress } = await ranked(query, { ...source, reranker, flags, signal });
  if (table) await results.write(table.head);
  for (const [i, { score, item }] of (table ? found : []).entries()) {
    await results.write(table!.row([query, i + 1, score, item.place, ...item.cells, item.text]));
  }
  if (!table) {
    const page = { columns: results.columns, isCosine: found.every(({ score }) => isShare(score)) };
    const shown = found.map(({ score, item }) => ({ score, texts: [item] }));
    await results.write(`${pageHeading(query, page)}${pageResults(shown, page, 1)}`);
  }
  await results.complete();
  if (flags.quiet) return;
  const problem = source.warning();
  if (problem) warn(problem);
  warnOfCuts(progress, lengthLimitOf(reranker));
}

interface Ranking {
  readonly rows: AsyncIterable<Row>;
  readonly extent: number | undefined;
  readonly reranker: Reranker;
  readonly flags: RankFlags;
  readonly signal: AbortSignal;
}

/** The best passages; no others are held once they have their score. */
async function ranked(
  query: string,
  { rows, extent, reranker, flags: { top = 10, batchTokens, ...flags }, signal }: Ranking,
): Promise<{ readonly found: readonly RankedItem<Row>[]; readonly progress: TaskProgress }> {
  using display = await progressDisplay(extent, flags);
  const positions: number[] = [];
  async function* passages(): AsyncGenerator<Row> {
    for await (const row of rows) {
      positions.push(row.position);
      yield row;
    }
  }
  let progress: TaskProgress | undefined;
  const onProgress: TaskOptions["onProgress"] = (made) => {
    progress = made;
    display?.update({ texts: made.inputs, position: positions.shift() as number });
  };
  const found = await reranker.rankItems(query, passages(), { top, batchTokens, signal, onProgress });
  if (progress) return { found, progress };
  throw new Failure("there is nothing to rank: the input is empty", { hint: "name another file" });
}

/** Whether a score can be drawn as a part of 1; logits are relative to the best. */
const isShare = (score: number): boolean => score >= 0 && score <= 1;
