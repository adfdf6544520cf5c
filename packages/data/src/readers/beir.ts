import { type BadRecordOptions, readOrReport } from "../bad-record.js";
import { roleRows } from "../text/columns.js";
import type { JsonObject } from "../text/json-object.js";
import { jsonLines } from "../text/json-values.js";
import type { TextSource } from "../text/lines.js";
import { integerOf } from "../text/numbers.js";

/** A text that can be found. */
export interface CorpusText {
  /** From 1. */
  readonly line: number;
  readonly id: string;
  /** Empty where it has none. */
  readonly title: string;
  readonly text: string;
}

/** A text that is searched for. */
export interface QueryText {
  /** From 1. */
  readonly line: number;
  readonly id: string;
  readonly text: string;
}

/** How relevant somebody found a text to a query. */
export interface Judgement {
  /** From 1. */
  readonly line: number;
  readonly query: string;
  readonly document: string;
  /** 0 for what is not relevant; TREC has negative ones too. */
  readonly relevance: number;
}

/**
 * The texts of BEIR's `corpus.jsonl`.
 * @throws {DataError} `json` or `shape` for a line that is no object with the strings `_id` and `text`.
 */
export function readBeirCorpus(source: TextSource, options: BadRecordOptions = {}): AsyncGenerator<CorpusText> {
  return records(source, options, (object, line) => {
    return { line, id: object.string("_id"), title: object.string("title", ""), text: object.string("text") };
  });
}

/**
 * The queries of BEIR's `queries.jsonl`.
 * @throws {DataError} `json` or `shape` for a line that is no object with the strings `_id` and `text`.
 */
export function readBeirQueries(source: TextSource, options: BadRecordOptions = {}): AsyncGenerator<QueryText> {
  return records(source, options, (object, line) => {
    return { line, id: object.string("_id"), text: object.string("text") };
  });
}

/**
 * The judgements of BEIR's `qrels/*.tsv`: query, text and relevance between tabs, with BEIR's header line.
 * @throws {DataError} `columns` for another header or width, `value` for a relevance that is no whole number, `empty`
 * for an empty file.
 */
export async function* readBeirQrels(source: TextSource, options: BadRecordOptions = {}): AsyncGenerator<Judgement> {
  for await (const row of roleRows(source, { header: qrelsHeader })) {
    const judgement = readOrReport((): Judgement => {
      const { query = "", document = "", relevance = "" } = row.cells();
      return { line: row.line, query, document, relevance: integerOf(relevance, "the score", { line: row.line }) };
    }, options);
    if (judgement) yield judgement;
  }
}

const qrelsHeader = {
  query: { names: ["query-id"] },
  document: { names: ["corpus-id"] },
  relevance: { names: ["score"] },
};

async function* records<Value>(
  source: TextSource,
  options: BadRecordOptions,
  recordOf: (object: JsonObject, line: number) => Value,
): AsyncGenerator<Value> {
  for await (const parse of jsonLines(source)) {
    const record = readOrReport(() => {
      const object = parse();
      return recordOf(object, object.place.line as number);
    }, options);
    if (record) yield record;
  }
}
