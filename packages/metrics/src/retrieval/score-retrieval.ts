import { type ById, entriesOf, lookUp } from "../by-id.js";
import { MetricError, shownIds } from "../metric-error.js";
import { rankDocuments } from "./rank-documents.js";
import { type RankingScores, scoreRanking } from "./score-ranking.js";

/** What a search scored over queries. */
export interface RetrievalScores {
  /** Means over the queries, by cutoff. */
  readonly at: ReadonlyMap<number, RankingScores>;
  /** How many queries these are: those that are judged and were searched. */
  readonly total: number;
  /** Judged queries that were not searched; they are left out of the means, as pytrec_eval leaves them out. */
  readonly missing: readonly string[];
}

/** The cutoffs that BEIR reports. */
export const beirCutoffs: readonly number[] = [1, 3, 5, 10, 100, 1000];

/**
 * nDCG, MRR, MAP, recall and precision at cutoffs, as BEIR reports them by way of pytrec_eval (Thakur et al., 2021).
 * Ties are ranked as `rankDocuments` says, for MRR too, whose order BEIR leaves to chance. BEIR drops documents that have
 * their query's id: leave them out of `run` where a data set wants that. A query searched without a find scores 0.
 *
 * Throws a MetricError: `empty` where no judged query was searched, `argument` for a cutoff that is no positive whole
 * number or for none, `value` for a score that is NaN or a relevance that is no whole number.
 *
 * @param judgements for each query the relevance of documents (qrels)
 * @param run for each query the scores of the documents found
 */
export function scoreRetrieval(
  judgements: ById<ById<number>>,
  run: ById<ById<number>>,
  cutoffs: readonly number[] = beirCutoffs,
): RetrievalScores {
  if (cutoffs.length === 0) throw new MetricError("argument", "scoreRetrieval wants at least one cutoff, such as 10");
  const missing: string[] = [];
  const queries: Map<number, RankingScores>[] = [];
  for (const [id, judged] of entriesOf(judgements)) {
    const found = lookUp(run, id);
    if (found) queries.push(scoreRanking(judged, rankDocuments(found), cutoffs));
    else missing.push(id);
  }
  if (queries.length === 0)
    throw new MetricError(
      "empty",
      missing.length === 0
        ? "there are no judged queries"
        : `none of the judged queries was searched: ${shownIds(missing)}`,
    );
  const at = cutoffs.map((cutoff) => [cutoff, meanOf(queries.map((scores) => scores.get(cutoff)!))] as const);
  return { at: new Map(at), total: queries.length, missing };
}

function meanOf(scores: readonly RankingScores[]): RankingScores {
  const mean = (part: keyof RankingScores): number =>
    scores.reduce((sum, score) => sum + score[part], 0) / scores.length;
  return {
    ndcg: mean("ndcg"),
    mrr: mean("mrr"),
    map: mean("map"),
    recall: mean("recall"),
    precision: mean("precision"),
  };
}
