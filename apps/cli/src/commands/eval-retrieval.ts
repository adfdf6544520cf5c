import { beirCutoffs, scoreRetrieval } from "@bertkit/metrics";
import type { PoolingMode, Reranker } from "bertkit";
import type { EvalFlags } from "../eval/eval-flags.js";
import { planRun } from "../eval/plan-run.js";
import { counted, firstOf, printReport, type Report, shownScore } from "../eval/report.js";
import {
  judgedQueries,
  openRetrievalData,
  type QueryTable,
  type RetrievalData,
  readRun,
} from "../eval/retrieval-data.js";
import { searchCorpus } from "../eval/search-corpus.js";
import { usageFailure } from "../failure.js";
import { openEncoder } from "../similar/open-encoder.js";
import { openTaskModel } from "../tasks/open-task-model.js";
import { warn } from "../terminal/notices.js";

/** The flags of `bertkit eval retrieval`. */
export interface EvalRetrievalFlags extends EvalFlags {
  readonly split?: string;
  readonly top?: number;
  /** A model that reads the first finds again. */
  readonly reranker?: string;
  readonly rerankTop?: number;
  readonly pooling?: PoolingMode;
  readonly dimensions?: number;
}

/** Scores what was found for queries: by a search whose run file there is, or by a sentence encoder. */
export async function evalRetrieval(flags: EvalRetrievalFlags, signal: AbortSignal): Promise<void> {
  const { split = "test", limit, predictions, top = usualTop, rerankTop = usualRerankTop } = flags;
  const data = await openRetrievalData(flags.data, { split, limit }, signal);
  const run =
    predictions === undefined
      ? await search(data, { ...flags, top, rerankTop }, signal)
      : await readRun(predictions, signal);
  const ranked = flags.reranker === undefined ? top : rerankTop;
  const cutoffs = predictions === undefined ? beirCutoffs.filter((cutoff) => cutoff <= ranked) : beirCutoffs;
  await printReport(() => report(data.judgements, run, cutoffs, flags), flags, signal);
}

/** As BEIR has them. */
const usualTop = 1000;
const usualRerankTop = 100;

async function search(
  { judgements, corpus, queries }: RetrievalData,
  flags: EvalRetrievalFlags & { readonly top: number; readonly rerankTop: number },
  signal: AbortSignal,
): Promise<QueryTable> {
  const { data, output, top, rerankTop, pooling, dimensions, reranker: rerankerName } = flags;
  if (!corpus || !queries) {
    const hint = "name BEIR's folder, or a run file with --predictions";
    throw usageFailure(`${data} is a file of judgements, and there is nothing to search`, hint);
  }
  const asked = await judgedQueries(queries, judgements);
  const plan = await planRun(output, flags, [corpus.name, queries.name]);
  using model = await openEncoder(flags, signal);
  using reranker = rerankerName === undefined ? undefined : await openReranker(rerankerName, flags, signal);
  const options = { pooling, dimensions };
  return await searchCorpus(corpus, asked, { model, reranker, top, rerankTop, flags, signal, options }, plan);
}

/** Its length is its own: the flag is about the encoder's. */
async function openReranker(model: string, flags: EvalRetrievalFlags, signal: AbortSignal): Promise<Reranker> {
  const { loadReranker } = await import("bertkit");
  const { maxLength: _maxLength, ...others } = flags;
  return openTaskModel({ ...others, model }, signal, loadReranker);
}

function report(
  judgements: QueryTable,
  run: QueryTable,
  cutoffs: readonly number[],
  { quiet }: EvalRetrievalFlags,
): Report {
  const { at, total, missing } = scoreRetrieval(judgements, run, cutoffs);
  if (missing.length > 0 && !quiet) {
    const queries = `${missing.length} of ${counted(judgements.size, "judged query", "judged queries")}`;
    warn(`${queries} were not searched, and are left out (${firstOf(missing)})`);
  }
  const scores = [...at].flatMap(([cutoff, { ndcg, map, recall, precision, mrr }]): [string, number][] => [
    [`NDCG@${cutoff}`, ndcg],
    [`MAP@${cutoff}`, map],
    [`Recall@${cutoff}`, recall],
    [`P@${cutoff}`, precision],
    [`MRR@${cutoff}`, mrr],
  ]);
  const shown = ["NDCG@10", "MRR@10", ...cutoffs.map((cutoff) => `Recall@${cutoff}`)];
  const rows = shown.flatMap((wanted) => scores.filter(([name]) => name === wanted));
  return {
    scores: { ...Object.fromEntries(scores), total },
    page: [
      [
        "Retrieval",
        [
          ...rows.map(([name, score]) => [name, shownScore(score)] as const),
          ["searched", counted(total, "query", "queries")],
        ],
      ],
    ],
  };
}
