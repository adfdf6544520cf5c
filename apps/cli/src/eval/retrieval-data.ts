import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import {
  DataError,
  type Judgement,
  type QueryFinds,
  type QueryText,
  readBeirQrels,
  readBeirQueries,
  readTrecQrels,
  readTrecRun,
  toTrecRun,
} from "@bertkit/data";
import { Failure, systemFailure } from "../failure.js";
import { type DataFile, openDataFile } from "./data-file.js";

/** For each query, by document: how relevant it is, or how it was scored. */
export type QueryTable = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** A folder as BEIR publishes them, or a file of judgements alone. */
export interface RetrievalData {
  readonly judgements: QueryTable;
  /** Undefined where there are judgements alone. */
  readonly corpus: DataFile | undefined;
  readonly queries: DataFile | undefined;
}

/**
 * Opens corpus.jsonl and queries.jsonl of a folder, and reads qrels/SPLIT.tsv; of a file, BEIR's judgements where it is
 * .tsv, else TREC's.
 * @throws {Failure} for what is not there or cannot be read, and where there are no judgements.
 */
export async function openRetrievalData(
  named: string,
  { split, limit }: { readonly split: string; readonly limit: number | undefined },
  signal: AbortSignal,
): Promise<RetrievalData> {
  const isFolder = named !== "-" && (await statusOf(named)).isDirectory();
  const open = (name: string): Promise<DataFile> => openPacked(join(named, name), signal);
  const qrels = isFolder ? await open(join("qrels", `${split}.tsv`)) : await openDataFile(named, signal);
  const reader = isFolder || extname(named) === ".tsv" ? readBeirQrels : readTrecQrels;
  const judgements = tableOf(await qrels.readAll((source) => reader(source)), limit);
  if (judgements.size === 0)
    throw new Failure(`${qrels.name}: there are no judgements`, { hint: "name another --split" });
  if (!isFolder) return { judgements, corpus: undefined, queries: undefined };
  return { judgements, corpus: await open("corpus.jsonl"), queries: await open("queries.jsonl") };
}

/** The judged queries, in the order of their file. */
export async function judgedQueries(file: DataFile, judgements: QueryTable): Promise<readonly QueryText[]> {
  const queries = await file.readAll((source) => readBeirQueries(source));
  const judged = queries.filter(({ id }) => judgements.has(id));
  if (judged.length > 0) return judged;
  const hint = "the files of a folder belong together; are these of one data set?";
  throw new Failure(`${file.name}: none of its ${queries.length} queries is judged`, { hint });
}

/**
 * What a search has found before, from a TREC run file.
 * @throws {Failure} for a file that is none, and for a document that a query has twice.
 */
export async function readRun(named: string, signal: AbortSignal): Promise<QueryTable> {
  const file = await openDataFile(named, signal);
  const run = new Map<string, Map<string, number>>();
  for await (const { query, document, score, line } of file.read((source) => readTrecRun(source))) {
    const found = run.get(query) ?? new Map<string, number>();
    if (found.has(document)) {
      const problem = `the document ${document} stands there twice for query ${query}`;
      throw new Failure(`${file.name}:${line}: ${problem}`, { hint: "leave one of the two out" });
    }
    run.set(query, found.set(document, score));
  }
  if (run.size === 0) throw new Failure(`${file.name}: nothing was found for any query`, { hint: "is it a run file?" });
  return run;
}

/**
 * A TREC run file's text.
 * @throws {Failure} for an id with white space, which the file's columns stand between.
 */
export function runText(run: QueryTable, rank: (found: ReadonlyMap<string, number>) => readonly string[]): string {
  const queries = [...run].map(([query, found]): QueryFinds => {
    return [query, rank(found).map((document) => ({ document, score: found.get(document) as number }))];
  });
  try {
    return toTrecRun(queries, "bertkit");
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new Failure(`the run cannot be written: ${error.problem}`, { cause: error, hint: "leave --output out" });
  }
}

async function statusOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw systemFailure(path, error);
  }
}

/** A file of a folder, compressed or not. */
async function openPacked(path: string, signal: AbortSignal): Promise<DataFile> {
  const packed = `${path}.gz`;
  const isPacked = await stat(path).then(
    () => false,
    () =>
      stat(packed).then(
        () => true,
        () => false,
      ),
  );
  return openDataFile(isPacked ? packed : path, signal);
}

/** Judgements by query, of so many of the first queries. */
function tableOf(judgements: readonly Judgement[], limit = Number.POSITIVE_INFINITY): QueryTable {
  const table = new Map<string, Map<string, number>>();
  for (const { query, document, relevance } of judgements) {
    if (!table.has(query) && table.size >= limit) continue;
    const judged = table.get(query) ?? new Map<string, number>();
    table.set(query, judged.set(document, relevance));
  }
  return table;
}
