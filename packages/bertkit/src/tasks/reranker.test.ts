import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { type RecordedRanking, readRecordedPipelines } from "../fixtures/recorded-pipelines.js";
import { streamOf } from "../fixtures/streams.js";
import { useTinyModels } from "../fixtures/tiny-models.js";
import { loadReranker, type Reranker } from "./reranker.js";

const models = useTinyModels();

/** Answers are computed in float32, the recorded ones in double precision. */
const digits = 5;

/** Made by tooling/golden/sentence_transformers_models.py. */
const golden = (path: string) =>
  fileURLToPath(new URL(`../../../../tooling/golden/sentence-transformers/${path}`, import.meta.url));

interface Expected {
  readonly pairs: readonly (readonly [string, string])[];
  readonly scores: readonly number[];
  readonly ranking: {
    readonly query: string;
    readonly passages: readonly string[];
    readonly order: readonly number[];
    readonly scores: readonly number[];
  };
}

describe.each(["reference", "wasm"] as const)("rank on the %s backend", (device) => {
  test("scores and ranks as sentence-transformers' CrossEncoder does with a model of transformers", async () => {
    const { rank, models: options } = await readRecordedPipelines();
    for (const recorded of rank) {
      using reranker = await loadReranker(await models.write(recorded.model, options[recorded.model]), { device });
      await expectRecorded(reranker, recorded);
    }
    expect(rank).toHaveLength(1);
  });

  test.each(["cross-encoder", "cross-encoder-identity"])("as with a folder that it saved: %s", async (name) => {
    const json = JSON.parse(await readFile(golden("expected.json"), "utf8"));
    const { pairs, scores, ranking }: Expected = json[name];
    const ranked = ranking.order.map((index, i) => ({ index, score: ranking.scores[i]! }));
    using reranker = await loadReranker(golden(name), { device });
    expect(reranker.maxLength).toBe(24);
    await expectRecorded(reranker, { ...ranking, pairs, scores, ranking: ranked });
  });
});

describe("rank", () => {
  const passages = ["the cat", "a dog reads", "the cat", "water and sun", ""];
  const load = async () => {
    return loadReranker(await models.write("reranker", { head: "BertForSequenceClassification", labels: ["x"] }), {
      device: "wasm",
    });
  };

  test("gives the best first, those alike as they stood, and no more than are asked for", async () => {
    using reranker = await load();
    const scores = await reranker.score(passages.map((passage) => ["who reads?", passage]));
    const expected = passages
      .map((text, index) => ({ index, score: scores[index]!, text }))
      .sort((a, b) => b.score - a.score || a.index - b.index);
    expect(scores[0]).toBe(scores[2]);
    expect(await reranker.rank("who reads?", passages)).toEqual(expected);
    expect(await reranker.rank("who reads?", streamOf(passages), { batchTokens: 20 })).toEqual(expected);
    expect(await reranker.rank("who reads?", passages, { top: 2 })).toEqual(expected.slice(0, 2));
    expect(await reranker.rank("who reads?", [])).toEqual([]);
  });

  test("keeps what goes with a passage", async () => {
    using reranker = await load();
    const items = passages.map((text, id) => ({ id: `p${id}`, text }));
    const ranked = await reranker.rank("who reads?", passages, { top: 3 });
    const found = await reranker.rankItems("who reads?", streamOf(items), { top: 3 });
    expect(found).toEqual(ranked.map(({ index, score }) => ({ index, score, item: items[index] })));
  });

  test("stops at a signal and counts the passages", async () => {
    using reranker = await load();
    const stop = new Error("enough");
    await expect(reranker.rank("q", passages, { signal: AbortSignal.abort(stop) })).rejects.toBe(stop);
    const seen: number[] = [];
    await reranker.rank("q", passages, { top: 1, onProgress: ({ inputs }) => seen.push(inputs) });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test("says what is no query, no passage, no pair and no number of them", async () => {
    using reranker = await load();
    const rank = (query: unknown, given: unknown) => reranker.rank(query as string, given as string[]);
    await expect(rank(undefined, passages)).rejects.toThrow("rank: it wanted a query, got undefined");
    await expect(rank("q", "one passage")).rejects.toThrow("rank: it takes an array of passages or an async iterable");
    await expect(rank("q", ["a", 7])).rejects.toThrow("rank: it wanted a passage, got 7");
    await expect(reranker.score(["q" as unknown as [string, string]])).rejects.toThrow("rank: it wanted two strings");
    for (const top of [0, 1.5, Number.NaN]) {
      await expect(reranker.rank("q", passages, { top })).rejects.toThrow(`a whole number above 0, got ${top}`);
    }
  });
});

async function expectRecorded(reranker: Reranker, recorded: Omit<RecordedRanking, "model">): Promise<void> {
  const { pairs, scores, query, passages, ranking } = recorded;
  const found = await reranker.score(pairs);
  for (const [i, score] of scores.entries()) expect(found[i]).toBeCloseTo(score, digits);
  const ranked = await reranker.rank(query, passages);
  expect(ranked.map(({ index, text }) => [index, text])).toEqual(ranking.map(({ index }) => [index, passages[index]]));
  for (const [i, { score }] of ranking.entries()) expect(ranked[i]!.score).toBeCloseTo(score, digits);
}
