import { DataError, shown } from "../data-error.js";
import type { RunEntry } from "../readers/trec.js";

/** What a search found for a query, the best first. */
export type QueryFinds = readonly [query: string, found: Iterable<Pick<RunEntry, "document" | "score">>];

/**
 * A whole TREC run file: query, Q0, text, rank from 1, score and the run's name.
 * @throws {DataError} `value` for an id or a name that is empty or has white space, which stands between the columns, and
 * for a score that is not finite.
 */
export function toTrecRun(queries: Iterable<QueryFinds>, run: string): string {
  const lines: string[] = [];
  for (const [query, found] of queries) {
    let rank = 0;
    for (const { document, score } of found) {
      const [name, id, text] = [
        spelled(run, "the run's name"),
        spelled(query, "a query"),
        spelled(document, "a document"),
      ];
      if (!Number.isFinite(score))
        throw new DataError("value", `wanted a finite score of ${shown(document)}, came ${score}`);
      lines.push(`${id} Q0 ${text} ${++rank} ${score} ${name}\n`);
    }
  }
  return lines.join("");
}

function spelled(id: string, what: string): string {
  if (id !== "" && !/\s/.test(id)) return id;
  throw new DataError(
    "value",
    `wanted ${what} without white space, which a run file has between columns, came ${shown(id)}`,
  );
}
