import { type BadRecordOptions, readOrReport } from "../bad-record.js";
import { DataError, shown } from "../data-error.js";
import { cellsOf } from "../text/cells.js";
import { linesOf, type TextSource } from "../text/lines.js";
import { integerOf, numberOf } from "../text/numbers.js";
import type { Judgement } from "./beir.js";

/** A text that a search found for a query. */
export interface RunEntry {
  /** From 1. */
  readonly line: number;
  readonly query: string;
  readonly document: string;
  /** As the file says; trec_eval ranks by the scores alone. */
  readonly rank: number;
  readonly score: number;
  /** The name of the search. */
  readonly run: string;
}

/**
 * The judgements of a TREC qrels file: query, iteration, text and relevance between white space.
 * @throws {DataError} `columns` for a line of other than four columns, `value` for a relevance that is no whole number.
 */
export function readTrecQrels(source: TextSource, options: BadRecordOptions = {}): AsyncGenerator<Judgement> {
  return records(source, options, ["query", "iteration", "document", "relevance"], (cells, line) => {
    const [query = "", , document = "", relevance = ""] = cells;
    return { line, query, document, relevance: integerOf(relevance, "the relevance", { line }) };
  });
}

/**
 * What a search found, from a TREC run file: query, Q0, text, rank, score and the run's name between white space.
 * @throws {DataError} `columns` for a line of other than six columns, `value` for a rank or a score that is no number.
 */
export function readTrecRun(source: TextSource, options: BadRecordOptions = {}): AsyncGenerator<RunEntry> {
  return records(source, options, ["query", "Q0", "document", "rank", "score", "run"], (cells, line) => {
    const [query = "", , document = "", rank = "", score = "", run = ""] = cells;
    const place = { line };
    return {
      line,
      query,
      document,
      rank: integerOf(rank, "the rank", place),
      score: numberOf(score, "the score", place),
      run,
    };
  });
}

async function* records<Value>(
  source: TextSource,
  options: BadRecordOptions,
  columns: readonly string[],
  recordOf: (cells: readonly string[], line: number) => Value,
): AsyncGenerator<Value> {
  for await (const { text, number } of linesOf(source)) {
    const trimmed = text.trim();
    if (trimmed === "") continue;
    const record = readOrReport(() => {
      const cells = cellsOf(trimmed, /\s+/, { line: number });
      if (cells.length === columns.length) return recordOf(cells, number);
      const wanted = `wanted ${columns.length} columns (${columns.join(", ")})`;
      throw new DataError("columns", `${wanted}, came ${cells.length}: ${shown(trimmed)}`, { line: number });
    }, options);
    if (record) yield record;
  }
}
