import type { SentenceEncoder } from "bertkit";
import { withVectors } from "../rows/with-vectors.js";
import { openTaskRows, type TaskRow, type TaskRows } from "../tasks/open-task-rows.js";
import { warn } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";
import { openEncoder } from "./open-encoder.js";
import { openResults } from "./open-results.js";
import { resultFormOf, resultTable, scoreColumn } from "./result-forms.js";
import { pageResults } from "./results-page.js";
import type { SimilarFlags } from "./similar-flags.js";
import { TruncationCount } from "./truncation-count.js";

/** How alike two columns are, row by row, in their order, holding no more rows than are being encoded. */
export async function scorePairs(flags: SimilarFlags, signal: AbortSignal): Promise<void> {
  const form = resultFormOf(flags, "jsonl");
  const source = await openTaskRows([], flags, signal);
  const table = form === "page" ? undefined : resultTable(form, [...source.kept, ...source.names, scoreColumn]);
  await using results = await openResults(flags, signal);
  using model = await openEncoder(flags, signal);
  const { encoder } = model;
  const truncated = new TruncationCount();
  using display = isOnScreen(flags) ? undefined : await progressDisplay(source.extent, flags);
  const page = { columns: results.columns, isCosine: flags.score !== "dot" };
  let rows = 0;
  if (table) await results.write(table.head);
  for await (const { row, score } of scoredPairs(source, { encoder, flags, signal, truncated })) {
    const shown = row.given.map((text) => ({ text, place: "" }));
    await results.write(
      table?.row([...row.cells, ...row.given, score]) ?? pageResults([{ score, texts: shown }], page),
    );
    display?.update({ texts: ++rows, position: row.position });
  }
  await results.complete();
  if (flags.quiet) return;
  const problem = source.warning();
  if (problem) warn(problem);
  truncated.warn(encoder.maxLength);
}

/** A bar would be in the way of rows that appear one by one. */
function isOnScreen({ output = "-" }: SimilarFlags): boolean {
  return output === "-" && process.stdout.isTTY;
}

interface ScoredPair {
  readonly row: TaskRow;
  readonly score: number;
}

interface Scoring {
  readonly encoder: SentenceEncoder;
  readonly flags: SimilarFlags;
  readonly signal: AbortSignal;
  readonly truncated: TruncationCount;
}

async function* scoredPairs(
  { rows }: TaskRows,
  { encoder, flags, signal, truncated }: Scoring,
): AsyncGenerator<ScoredPair> {
  const { cosineSimilarity, dotProduct } = await import("bertkit");
  const scoreOf = flags.score === "dot" ? dotProduct : cosineSimilarity;
  const { batchTokens, prompt, promptName } = flags;
  async function* sides(): AsyncGenerator<Pick<ScoredPair, "row"> & { readonly text: string }> {
    for await (const row of rows) for (const text of row.given) yield { row, text };
  }
  const onProgress = truncated.note.bind(truncated);
  let first: Float32Array | undefined;
  const options = { batchTokens, prompt, promptName, signal, onProgress };
  for await (const { row: side, vector } of withVectors(sides(), encoder, options)) {
    if (first) yield { row: side.row, score: scoreOf(first, vector) };
    first = first ? undefined : vector;
  }
}
