import type { ItemMatch } from "bertkit";
import { Failure, usageFailure } from "../failure.js";
import { warn } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";
import type { Corpus, CorpusItem } from "./corpus.js";
import { embedRows } from "./embed-rows.js";
import { openCorpus } from "./open-corpus.js";
import { type OpenEncoder, openEncoder } from "./open-encoder.js";
import { openResults } from "./open-results.js";
import { documentPrompt, queryPrompt } from "./prompts.js";
import { resultFormOf, resultTable, scoreColumn } from "./result-forms.js";
import { type PageOptions, pageHeading, pageRemark, pageResults } from "./results-page.js";
import type { SimilarFlags } from "./similar-flags.js";
import { TruncationCount } from "./truncation-count.js";

/** For each query, the rows of a file that are most like it. */
export async function searchTexts(queries: readonly string[], flags: SimilarFlags, signal: AbortSignal): Promise<void> {
  const form = resultFormOf(flags, "plain");
  const corpus = await openCorpus(flags, signal);
  if (corpus.hasVectors && (flags.documentPrompt ?? flags.documentPromptName) !== undefined) {
    throw usageFailure("a prompt changes no vectors that the input already has", "leave out --document-prompt");
  }
  const names = corpus.columns.map(({ name }) => name);
  const table =
    form === "page" ? undefined : resultTable(form, ["query", "rank", scoreColumn, "place", ...names, "text"]);
  await using results = await openResults(flags, signal);
  using model = await openEncoder(flags, signal);
  const truncated = new TruncationCount();
  const matches = await matchesOf(queries, corpus, { model, flags, signal, truncated });

  if (table) await results.write(table.head);
  for (const [i, query] of queries.entries()) {
    const found = matches[i] as readonly ItemMatch<CorpusItem>[];
    if (!table) {
      const options: PageOptions = { columns: results.columns, isCosine: flags.score !== "dot" };
      await results.write(`${i > 0 ? "\n" : ""}${pageHeading(query, options)}${pageOf(found, options, flags)}`);
      continue;
    }
    for (const [place, { score, item }] of found.entries()) {
      await results.write(table.row([query, place + 1, score, item.place, ...item.cells, item.text]));
    }
  }
  await results.complete();
  if (flags.quiet) return;
  const problem = corpus.warning();
  if (problem) warn(problem);
  truncated.warn(model.encoder.maxLength);
}

interface Search {
  readonly model: OpenEncoder;
  readonly flags: SimilarFlags;
  readonly signal: AbortSignal;
  readonly truncated: TruncationCount;
}

async function matchesOf(
  queries: readonly string[],
  corpus: Corpus,
  { model, flags, signal, truncated }: Search,
): Promise<ItemMatch<CorpusItem>[][]> {
  const { topItems } = await import("bertkit");
  const { encoder, backend } = model;
  const { batchTokens, top, threshold, score } = flags;
  const options = { batchTokens, signal };
  const queryVectors = await encoder.encode(queries, { ...options, ...queryPrompt(encoder, flags) });
  using display = await progressDisplay(corpus.extent, flags);
  const rows = corpus.rows({ width: encoder.width, model: model.name });
  const embedded = embedRows(rows, {
    encoder: corpus.hasVectors ? undefined : encoder,
    options: { ...options, ...documentPrompt(encoder, flags), onProgress: (progress) => truncated.note(progress) },
    display,
  });
  let searched = 0;
  const onProgress = (count: number): void => {
    searched = count;
  };
  const matches = await topItems(queryVectors, embedded, { top, threshold, score, backend, signal, onProgress });
  if (searched === 0)
    throw new Failure("there is nothing to search: the input is empty", { hint: "name another file" });
  return matches;
}

function pageOf(
  matches: readonly ItemMatch<CorpusItem>[],
  options: PageOptions,
  { threshold }: Pick<SimilarFlags, "threshold">,
): string {
  if (matches.length === 0) return pageRemark(`nothing scores ${threshold} or more`);
  const shown = matches.map(({ score, item }) => ({ score, texts: [item] }));
  return pageResults(shown, options, 1);
}
