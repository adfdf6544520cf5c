import { type ById, entriesOf, lookUp } from "../by-id.js";
import { MetricError, shown } from "../metric-error.js";

/** What the first documents of a ranking are worth, each from 0 to 1. */
export interface RankingScores {
  /** Gains discounted by 1 / log2(rank + 1), beside the best order's (Järvelin and Kekäläinen, 2002). */
  readonly ndcg: number;
  /** 1 / rank of the first relevant document. */
  readonly mrr: number;
  /** Precision at each relevant document, added up and divided by how many relevant documents there are. */
  readonly map: number;
  /** Of the relevant documents, the part that was found. */
  readonly recall: number;
  /** Of the cutoff, the part that is relevant, even where fewer documents were found. */
  readonly precision: number;
}

/**
 * Scores of one query's ranking at several cutoffs, as trec_eval's ndcg_cut, recip_rank, map_cut, recall and P. A
 * relevance of 1 or more is relevant, and its amount is the gain of nDCG; others and unjudged documents gain nothing.
 * Without relevant documents all are 0.
 *
 * Throws a MetricError: `argument` for a cutoff that is no positive whole number, `value` for a relevance that is no
 * whole number or a document that is ranked twice.
 */
export function scoreRanking(
  judgements: ById<number>,
  ranking: readonly string[],
  cutoffs: readonly number[],
): Map<number, RankingScores> {
  for (const cutoff of cutoffs)
    if (!Number.isInteger(cutoff) || cutoff < 1)
      throw new MetricError("argument", `a cutoff is a whole number of 1 or more, not ${shown(cutoff)}`);
  if (new Set(ranking).size < ranking.length)
    throw new MetricError(
      "value",
      "a ranking has each document once, and one here has some twice: keep the first of each",
    );
  const ideal = idealGains(judgements);
  const gains = ranking.slice(0, Math.max(...cutoffs)).map((id) => Math.max(0, lookUp(judgements, id) ?? 0));
  return new Map(cutoffs.map((cutoff) => [cutoff, scoresAt(cutoff, gains.slice(0, cutoff), ideal)]));
}

/** The gains of all relevant documents, the largest first. */
function idealGains(judgements: ById<number>): number[] {
  const gains: number[] = [];
  for (const [id, relevance] of entriesOf(judgements)) {
    if (!Number.isInteger(relevance))
      throw new MetricError("value", `a relevance is a whole number, and that of ${shown(id)} is ${shown(relevance)}`);
    if (relevance > 0) gains.push(relevance);
  }
  return gains.sort((a, b) => b - a);
}

function scoresAt(cutoff: number, gains: readonly number[], ideal: readonly number[]): RankingScores {
  const relevant = ideal.length;
  if (relevant === 0) return { ndcg: 0, mrr: 0, map: 0, recall: 0, precision: 0 };
  let [found, precisions, first] = [0, 0, 0];
  for (const [i, gain] of gains.entries()) {
    if (gain === 0) continue;
    found++;
    precisions += found / (i + 1);
    if (found === 1) first = i + 1;
  }
  return {
    ndcg: discounted(gains) / discounted(ideal.slice(0, cutoff)),
    mrr: first === 0 ? 0 : 1 / first,
    map: precisions / relevant,
    recall: found / relevant,
    precision: found / cutoff,
  };
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
}
