import type { SentenceEncoder } from "bertkit";
import { usageFailure } from "../failure.js";
import { openRows } from "../input/open-rows.js";
import type { Cell, Column, Row, RowSource } from "../rows/row.js";
import { withVectors } from "../rows/with-vectors.js";
import { warn } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";
import { openEncoder } from "./open-encoder.js";
import { openResults } from "./open-results.js";
import { resultFormOf, resultTable, scoreColumn } from "./result-forms.js";
import { pageResults } from "./results-page.js";
import type { SimilarFlags } from "./similar-flags.js";
import { textOfCell } from "./text-cell.js";
import { TruncationCount } from "./truncation-count.js";

/** How alike two columns are, row by row, in their order, holding no more rows than are being encoded. */
export async function scorePairs(flags: SimilarFlags, signal: AbortSignal): Promise<void> {
  const form = resultFormOf(flags, "jsonl");
  const fields = flags.fields as readonly [string, string];
  const source = await openPairs(fields, flags, signal);
  const columns = pairColumns(await source.columns(), fields);
  const names = columns.kept.map(({ name }) => name);
  const table = form === "page" ? undefined : resultTable(form, [...names, ...fields, scoreColumn]);
  await using results = await openResults(flags, signal);
  using model = await openEncoder(flags, signal);
  const { encoder } = model;
  const truncated = new TruncationCount();
  using display = isOnScreen(flags) ? undefined : await progressDisplay(source.extent, flags);
  const page = { columns: results.columns, isCosine: flags.score !== "dot" };
  let rows = 0;
  if (table) await results.write(table.head);
  for await (const { row, texts, score } of scoredPairs(source, columns, { encoder, flags, signal, truncated })) {
    const kept = columns.kept.map(({ index }) => row.cells[index] as Cell);
    const shown = texts.map((text) => ({ text, place: "" }));
    await results.write(table?.row([...kept, ...texts, score]) ?? pageResults([{ score, texts: shown }], page));
    display?.update({ texts: ++rows, position: row.position });
  }
  await results.complete();
  if (flags.quiet) return;
  const problem = source.warning();
  if (problem) warn(problem);
  truncated.warn(encoder.maxLength);
}

function openPairs(fields: readonly string[], flags: SimilarFlags, signal: AbortSignal): Promise<RowSource> {
  const kept = flags.keep?.filter((name) => !fields.includes(name)) ?? [];
  return openRows([], { ...flags, keep: [...fields, ...kept] }, signal, { needsText: false });
}

/** A bar would be in the way of rows that appear one by one. */
function isOnScreen({ output = "-" }: SimilarFlags): boolean {
  return output === "-" && process.stdout.isTTY;
}

/** Where in a row the two cells and the kept ones are. */
interface PairColumns {
  readonly pair: readonly (Column & { readonly index: number })[];
  readonly kept: readonly (Column & { readonly index: number })[];
}

function pairColumns(columns: readonly Column[], fields: readonly string[]): PairColumns {
  const numbered = columns.map((column, index) => ({ ...column, index }));
  const pair = fields.flatMap((field) => numbered.find(({ name }) => name === field) ?? []);
  if (pair.length === 2) return { pair, kept: numbered.filter((column) => !pair.includes(column)) };
  throw usageFailure("--id names one of the two --fields", "leave --id out: both are written anyway");
}

interface ScoredPair {
  readonly row: Row;
  readonly texts: readonly string[];
  readonly score: number;
}

interface Scoring {
  readonly encoder: SentenceEncoder;
  readonly flags: SimilarFlags;
  readonly signal: AbortSignal;
  readonly truncated: TruncationCount;
}

async function* scoredPairs(
  { rows }: RowSource,
  { pair }: PairColumns,
  { encoder, flags, signal, truncated }: Scoring,
): AsyncGenerator<ScoredPair> {
  const { cosineSimilarity, dotProduct } = await import("bertkit");
  const scoreOf = flags.score === "dot" ? dotProduct : cosineSimilarity;
  const { batchTokens, prompt, promptName } = flags;
  async function* sides(): AsyncGenerator<Omit<ScoredPair, "score"> & { readonly text: string }> {
    for await (const row of rows) {
      const texts = pair.map(({ name, index }) => textOfCell(row.cells[index], `"${name}"`, row.place));
      for (const text of texts) yield { row, texts, text };
    }
  }
  const onProgress = truncated.note.bind(truncated);
  let first: Float32Array | undefined;
  const options = { batchTokens, prompt, promptName, signal, onProgress };
  for await (const { row: side, vector } of withVectors(sides(), encoder, options)) {
    if (first) yield { row: side.row, texts: side.texts, score: scoreOf(first, vector) };
    first = first ? undefined : vector;
  }
}
