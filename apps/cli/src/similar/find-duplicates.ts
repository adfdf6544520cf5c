import type { Pair } from "bertkit";
import { codeOf, Failure } from "../failure.js";
import { modelOf } from "../model-flag.js";
import type { Cell } from "../rows/row.js";
import { DownloadDisplay } from "../terminal/download-display.js";
import type { LiveLine } from "../terminal/live-line.js";
import { warn } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";
import { type Comparison, comparisonDisplay } from "./comparison-display.js";
import type { Corpus, CorpusItem } from "./corpus.js";
import { embedRows } from "./embed-rows.js";
import { openCorpus } from "./open-corpus.js";
import { type OpenEncoder, openEncoder } from "./open-encoder.js";
import { openResults, type Results } from "./open-results.js";
import { type ResultTable, resultFormOf, resultTable, scoreColumn } from "./result-forms.js";
import { pageRemark, pageResults } from "./results-page.js";
import type { SimilarFlags } from "./similar-flags.js";
import { TruncationCount } from "./truncation-count.js";

/** The pairs of rows of a file that are as alike as `--threshold` says, the best first. */
export async function findDuplicates(flags: SimilarFlags, signal: AbortSignal): Promise<void> {
  const form = resultFormOf(flags, "plain");
  const corpus = await openCorpus(flags, signal);
  const kept = corpus.columns.flatMap(({ name }) => [`${name}_a`, `${name}_b`]);
  const columns = [scoreColumn, "place_a", "place_b", ...kept, "text_a", "text_b"];
  const table = form === "page" ? undefined : resultTable(form, columns);
  await using results = await openResults(flags, signal);
  using model = corpus.hasVectors ? undefined : await openEncoder(flags, signal);
  const truncated = new TruncationCount();
  const { pairs, items } = await findPairs(corpus, { model, flags, signal, truncated });
  if (table) await writeTable(results, table, pairs, items);
  else await writePage(results, pairs, items, flags);
  await results.complete();
  if (flags.quiet) return;
  const problem = corpus.warning();
  if (problem) warn(problem);
  if (model) truncated.warn(model.encoder.maxLength);
}

interface Task {
  readonly model: OpenEncoder | undefined;
  readonly flags: SimilarFlags;
  readonly signal: AbortSignal;
  readonly truncated: TruncationCount;
}

interface Found {
  readonly pairs: readonly Pair[];
  /** All there are: pairs name them by their places. */
  readonly items: readonly CorpusItem[];
}

async function findPairs(corpus: Corpus, { model, flags, signal, truncated }: Task): Promise<Found> {
  const { nearDuplicates, openBackend } = await import("bertkit");
  const { threshold = 1, top, batchTokens, prompt, promptName, device, threads } = flags;
  const wanted = corpus.isRaw ? await widthOfModel(flags, signal) : undefined;
  const options = { batchTokens, prompt, promptName, signal, onProgress: truncated.note.bind(truncated) };
  const items: CorpusItem[] = [];
  let comparing: LiveLine<Comparison> | undefined;
  async function* vectors(): AsyncGenerator<Float32Array> {
    {
      using display = await progressDisplay(corpus.extent, flags);
      for await (const { vector, item } of embedRows(corpus.rows(wanted), {
        encoder: model?.encoder,
        options,
        display,
      })) {
        items.push(item);
        yield vector;
      }
    }
    if (items.length === 0) throw emptyInput();
    comparing = await comparisonDisplay(flags);
  }
  using own = model ? undefined : await openBackend({ device, threads, wide: true });
  const onProgress = (compared: number, pairs: number): void => comparing?.update({ compared, pairs });
  try {
    const backend = model?.backend ?? own;
    return { pairs: await nearDuplicates(vectors(), { threshold, top, backend, signal, onProgress }), items };
  } catch (error) {
    throw codeOf(error) === "TOO_MANY_PAIRS" ? tooManyPairs(threshold, error) : error;
  } finally {
    comparing?.[Symbol.dispose]();
  }
}

/** Mere numbers do not say where a vector ends: the model does, without its weights. */
async function widthOfModel(flags: SimilarFlags, signal: AbortSignal): Promise<{ width: number; model: string }> {
  const model = await modelOf(flags);
  const { inspectModel } = await import("bertkit");
  await using download = new DownloadDisplay(flags);
  const { sentence } = await inspectModel(model, { signal, ...download.options });
  return { width: flags.dimensions ?? sentence.width, model };
}

function emptyInput(): Failure {
  return new Failure("there is nothing to compare: the input is empty", { hint: "name another file" });
}

function tooManyPairs(threshold: number, cause: unknown): Failure {
  const hint = "raise --threshold, or ask for the best with --top 1000";
  return new Failure(`more than a million pairs have a cosine of ${threshold} or more`, { hint, cause });
}

async function writeTable(
  results: Results,
  table: ResultTable,
  pairs: readonly Pair[],
  items: readonly CorpusItem[],
): Promise<void> {
  await results.write(table.head);
  for (const { a, b, score } of pairs) {
    const [one, other] = [items[a] as CorpusItem, items[b] as CorpusItem];
    const kept = one.cells.flatMap((cell, i): Cell[] => [cell, other.cells[i] ?? null]);
    await results.write(table.row([score, one.place, other.place, ...kept, one.text, other.text]));
  }
}

/** Some at a time, which have their columns below each other: a list may be long. */
const pairsAtOnce = 256;

async function writePage(
  results: Results,
  pairs: readonly Pair[],
  items: readonly CorpusItem[],
  { threshold }: SimilarFlags,
): Promise<void> {
  const options = { columns: results.columns, isCosine: true };
  for (let first = 0; first < pairs.length; first += pairsAtOnce) {
    const shown = pairs.slice(first, first + pairsAtOnce).map(({ a, b, score }) => {
      return { score, texts: [items[a] as CorpusItem, items[b] as CorpusItem] };
    });
    await results.write(pageResults(shown, options, first + 1));
  }
  const count = items.length.toLocaleString("en");
  const found =
    pairs.length === 0 ? "no pair" : pairs.length === 1 ? "1 pair" : `${pairs.length.toLocaleString("en")} pairs`;
  await results.write(pageRemark(`${found} of ${count} texts with a cosine of ${threshold} or more`));
}
