import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { type RecordedRanking, readRecordedPipelines } from "../fixtures/recorded-pipelines.js";
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

async function expectRecorded(reranker: Reranker, recorded: Omit<RecordedRanking, "model">): Promise<void> {
  const { pairs, scores, query, passages, ranking } = recorded;
  const found = await reranker.score(pairs);
  for (const [i, score] of scores.entries()) expect(found[i]).toBeCloseTo(score, digits);
  const ranked = await reranker.rank(query, passages);
  expect(ranked.map(({ index, text }) => [index, text])).toEqual(ranking.map(({ index }) => [index, passages[index]]));
  for (const [i, { score }] of ranking.entries()) expect(ranked[i]!.score).toBeCloseTo(score, digits);
}
