import { writeFile } from "node:fs/promises";
import { type QueryText, readBeirCorpus } from "@bertkit/data";
import { rankDocuments } from "@bertkit/metrics";
import type { Embedded, EncodeOptions, Reranker } from "bertkit";
import { Failure } from "../failure.js";
import { openCodec } from "../output/elements.js";
import { convertingEncoder } from "../output/forms/vector-encoder.js";
import { openRun } from "../output/open-run.js";
import type { FilePlace } from "../output/output-place.js";
import type { PartialFile } from "../output/partial-file.js";
import { readSpool, spoolEncoder } from "../output/spool.js";
import type { Row } from "../rows/row.js";
import { withVectors } from "../rows/with-vectors.js";
import type { OpenEncoder } from "../similar/open-encoder.js";
import { documentPrompt, queryPrompt } from "../similar/prompts.js";
import { lengthLimitOf, warnOfCuts } from "../tasks/warn-of-cuts.js";
import { note } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";
import type { DataFile } from "./data-file.js";
import type { EvalFlags } from "./eval-flags.js";
import { modelIdentity } from "./model-identity.js";
import { counted } from "./report.js";
import { type QueryTable, runText } from "./retrieval-data.js";

/** What searches, and how much of what it finds counts. */
export interface Search {
  readonly model: OpenEncoder;
  /** Reads the first finds again, together with the query; the others are dropped then. */
  readonly reranker: Reranker | undefined;
  /** Documents of a query at most. */
  readonly top: number;
  /** How many of these the re-ranker reads. */
  readonly rerankTop: number;
  readonly flags: EvalFlags;
  readonly signal: AbortSignal;
  /** Options of the model that its vectors depend on, name → value. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A document of the corpus: its text where somebody will read it again. */
interface Document {
  readonly id: string;
  readonly text: string;
}

/**
 * Searches a corpus for queries, as BEIR does: a document's title before its text, by cosine, without the document that has
 * the query's id. With a plan vectors are written down as they come, so that an interrupted run can be gone on with; the
 * file then becomes a TREC run.
 */
export async function searchCorpus(
  corpus: DataFile,
  queries: readonly QueryText[],
  search: Search,
  plan: FilePlace | undefined,
): Promise<QueryTable> {
  if (!plan) return rank(embedded(corpus, search), queries, search);
  const { model, flags, signal, options } = search;
  const { width, maxLength } = model.encoder;
  let found: QueryTable = new Map();
  const finalise = async (vectors: PartialFile, path: string): Promise<void> => {
    found = await rank(fromSpool(vectors, width), queries, search);
    await writeFile(path, runText(found, rankDocuments), { flush: true });
  };
  const identity = () => modelIdentity(flags, { maxLength }, options);
  const encoder = convertingEncoder(spoolEncoder({ keepsRows: true }), await openCodec("float32", width));
  await using output = await openRun(plan, { open: async () => ({ encoder, finalise }), identity }, flags, signal);
  const { resumedRows, tally } = output;
  if (resumedRows > 0 && !flags.quiet) note(`going on after ${counted(resumedRows, "document")} of an interrupted run`);
  for await (const { row, vector } of vectorsOf(output.remaining(documents(corpus)), corpus, search, tally)) {
    await output.write(row, vector);
  }
  await output.complete();
  return found;
}

async function* documents(corpus: DataFile): AsyncGenerator<Row> {
  for await (const { id, title, text, line } of corpus.read((source) => readBeirCorpus(source))) {
    const whole = `${title} ${text}`.trim();
    yield { text: whole, cells: [id], position: corpus.position, place: `${corpus.name}:${line}` };
  }
}

async function* vectorsOf(
  rows: AsyncIterable<Row>,
  corpus: DataFile,
  { model: { encoder }, flags, signal }: Search,
  tally = { tokens: 0, truncated: 0 },
): AsyncGenerator<{ readonly row: Row; readonly vector: Float32Array }> {
  using display = await progressDisplay(corpus.size, flags);
  const before = { ...tally };
  const onProgress: EncodeOptions["onProgress"] = ({ tokens, truncated }) => {
    tally.tokens = before.tokens + tokens;
    tally.truncated = before.truncated + truncated;
  };
  let texts = 0;
  const options = {
    ...documentPrompt(encoder),
    batchTokens: flags.batchTokens,
    signal,
  };
  for await (const made of withVectors(rows, encoder, { ...options, onProgress })) {
    display?.update({ texts: ++texts, position: made.row.position });
    yield made;
  }
  if (!flags.quiet) warnOfCuts({ inputs: texts, truncated: tally.truncated }, lengthLimitOf(encoder));
}

async function* embedded(corpus: DataFile, search: Search): AsyncGenerator<Embedded<Document>> {
  for await (const { row, vector } of vectorsOf(documents(corpus), corpus, search)) {
    yield { vector, item: { id: row.cells[0] as string, text: search.reranker ? row.text : "" } };
  }
}

async function* fromSpool(vectors: PartialFile, width: number): AsyncGenerator<Embedded<Document>> {
  for await (const { row, vector } of readSpool(vectors.read(), width)) {
    yield { vector, item: { id: row.cells[0] as string, text: row.text } };
  }
}

async function rank(
  documents: AsyncIterable<Embedded<Document>>,
  queries: readonly QueryText[],
  search: Search,
): Promise<QueryTable> {
  const { topItems } = await import("bertkit");
  const { encoder, backend } = search.model;
  const { top, flags, signal } = search;
  const texts = queries.map(({ text }) => text);
  const options = { ...queryPrompt(encoder), batchTokens: flags.batchTokens, signal };
  const vectors = await encoder.encode(texts, options);
  let searched = 0;
  const onProgress = (count: number): void => {
    searched = count;
  };
  const found = await topItems(vectors, documents, { top: top + 1, backend, signal, onProgress });
  if (searched === 0) throw new Failure("there is nothing to search: the corpus is empty", { hint: "check --data" });
  const others = queries.map(({ id }, i) => {
    return { id, matches: found[i]!.filter(({ item }) => item.id !== id).slice(0, top) };
  });
  if (search.reranker) return reread(queries, others, search.reranker, search);
  return new Map(others.map(({ id, matches }) => [id, new Map(matches.map(({ item, score }) => [item.id, score]))]));
}

interface Found {
  readonly id: string;
  readonly matches: readonly { readonly item: Document }[];
}

async function reread(
  queries: readonly QueryText[],
  found: readonly Found[],
  reranker: Reranker,
  { rerankTop, flags, signal }: Search,
): Promise<QueryTable> {
  const pairs = found.flatMap(({ id, matches }, i) =>
    matches.slice(0, rerankTop).map(({ item }) => ({ id, item, texts: [queries[i]!.text, item.text] as const })),
  );
  using display = await progressDisplay(pairs.length, flags);
  async function* texts(): AsyncGenerator<readonly [string, string]> {
    for (const pair of pairs) yield pair.texts;
  }
  const run = new Map(found.map(({ id }) => [id, new Map<string, number>()]));
  let done = 0;
  for await (const score of reranker.score(texts(), { batchTokens: flags.batchTokens, signal })) {
    const { id, item } = pairs[done++]!;
    run.get(id)?.set(item.id, score);
    display?.update({ texts: done, position: done });
  }
  return run;
}
