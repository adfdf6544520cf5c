import { DataError, shown } from "../data-error.js";
import type { Judgement } from "./beir.js";
import type { RunEntry } from "./trec.js";

/**
 * The relevances of judgements, or the scores of a run, by query and then by document, as retrieval is scored.
 * @throws {DataError} `value` for a document that comes twice for a query, as trec_eval refuses it.
 */
export async function numbersByQuery(
  entries: AsyncIterable<Judgement> | AsyncIterable<RunEntry>,
): Promise<Map<string, Map<string, number>>> {
  const queries = new Map<string, Map<string, number>>();
  for await (const entry of entries) {
    const { line, query, document } = entry;
    const numbers = queries.get(query) ?? new Map<string, number>();
    if (numbers.has(document)) {
      const problem = `wanted each document once for a query, came ${shown(document)} again for ${shown(query)}`;
      throw new DataError("value", problem, { line });
    }
    queries.set(query, numbers.set(document, "relevance" in entry ? entry.relevance : entry.score));
  }
  return queries;
}
