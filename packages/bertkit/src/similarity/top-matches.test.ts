import { type Backend, openReference, RandomStream } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { openBackend } from "../devices.js";
import type { Match } from "./match.js";
import { cosineSimilarity, dotProduct, type Score } from "./scores.js";
import { type TopMatchesOptions, topItems, topMatches } from "./top-matches.js";

const of = (...values: number[]) => Float32Array.from(values);

/** Of small whole numbers, so that many are equally alike. */
function coarseVectors(seed: number, count: number, width: number): Float32Array[] {
  const random = new RandomStream(seed);
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: width }, () => Math.floor(5 * random.uniform()) - 2),
  );
}

/** Compares all with all and sorts. */
function slowMatches(
  queries: readonly Float32Array[],
  vectors: readonly Float32Array[],
  { top = 10, threshold = -Infinity, score = "cosine" }: TopMatchesOptions,
): Match[][] {
  const scoreOf = score === "dot" ? dotProduct : cosineSimilarity;
  return queries.map((query) =>
    vectors
      .map((vector, index) => ({ index, score: scoreOf(vector, query) }))
      .filter((match) => match.score >= threshold)
      .sort((a, b) => b.score - a.score || a.index - b.index)
      .slice(0, top),
  );
}

describe("topMatches", () => {
  test("gives each query its nearest, the best first", async () => {
    const vectors = [of(0, 1), of(1, 1), of(-1, 0), of(2, 0)];
    expect(await topMatches([of(1, 0), of(0, -3)], vectors, { top: 2 })).toEqual([
      [
        { index: 3, score: 1 },
        { index: 1, score: 1 / Math.sqrt(2) },
      ],
      [
        { index: 2, score: 0 },
        { index: 3, score: 0 },
      ],
    ]);
  });

  test("the length counts for the dot product, not for the cosine", async () => {
    const vectors = [of(1, 0), of(3, 1)];
    const best = async (score: Score) => (await topMatches([of(2, 0)], vectors, { score, top: 1 }))[0];
    expect(await best("cosine")).toEqual([{ index: 0, score: 1 }]);
    expect(await best("dot")).toEqual([{ index: 1, score: 6 }]);
  });

  test("leaves out what is below the threshold, and gives fewer than top", async () => {
    const vectors = [of(1, 0), of(24, 7), of(0, 1)];
    const [matches] = await topMatches([of(1, 0)], vectors, { threshold: 24 / 25 });
    expect(matches).toEqual([
      { index: 0, score: 1 },
      { index: 1, score: 24 / 25 },
    ]);
  });

  test("zeros are like nothing, and what is not a number never matches", async () => {
    const vectors = [of(Number.NaN, 0), of(0, 0), of(Infinity, 0), of(-1, 0)];
    expect(await topMatches([of(1, 0)], vectors)).toEqual([
      [
        { index: 1, score: 0 },
        { index: 3, score: -1 },
      ],
    ]);
  });

  test("nothing to search is no match, no query no answer", async () => {
    expect(await topMatches([of(1, 0)], [])).toEqual([[]]);
    expect(await topMatches([], [of(1, 0)])).toEqual([]);
  });

  test("refuses what cannot be", async () => {
    const query = [of(1, 0)];
    await expect(topMatches(query, [of(1, 0), of(1, 2, 3)])).rejects.toThrow(
      "vector 1 has 3 numbers, the queries have 2",
    );
    await expect(topMatches([of(1, 0), of(1)], [])).rejects.toThrow("query 1 has 1 numbers, those before it 2");
    await expect(topMatches([of(Number.NaN, 0)], [])).rejects.toThrow("query 0: it has NaN or infinity");
    await expect(topMatches(query, [], { top: 0 })).rejects.toThrow("top: it must be a whole number above 0, got 0");
    await expect(topMatches(query, [], { threshold: 1.5 })).rejects.toThrow("from -1 to 1, as cosines are, got 1.5");
    await expect(topMatches(query, [], { threshold: Number.NaN, score: "dot" })).rejects.toThrow("a number, got NaN");
    await expect(topMatches(query, [], { score: "euclid" as Score })).rejects.toThrow("cosine or dot, got euclid");
    expect(await topMatches(query, [of(9, 0)], { threshold: 2, score: "dot" })).toEqual([[{ index: 0, score: 9 }]]);
  });

  test("reads no vector ahead, and stops between two blocks", async () => {
    const controller = new AbortController();
    let read = 0;
    async function* endless(): AsyncGenerator<Float32Array> {
      for (;;) {
        if (read++ === 3000) controller.abort(new Error("enough"));
        yield of(1, read);
      }
    }
    const { signal } = controller;
    await expect(topMatches([of(1, 0)], endless(), { signal })).rejects.toThrow("enough");
    expect(read).toBeLessThanOrEqual(3 * 1024);
  });

  test("says how many vectors it has searched", async () => {
    const seen: number[] = [];
    await topMatches([of(1, 0)], new Array(2100).fill(of(1, 1)), { onProgress: (searched) => seen.push(searched) });
    expect(seen).toEqual([1024, 2048, 2100]);
  });
});

describe("topItems", () => {
  test("gives back what the vectors stand for", async () => {
    const embedded = [
      { vector: of(0, 1), item: "north" },
      { vector: of(1, 0), item: "east" },
    ];
    const [matches] = await topItems([of(2, 1)], embedded, { top: 1 });
    expect(matches).toEqual([{ index: 1, score: 2 / Math.sqrt(5), item: "east" }]);
  });
});

describe.each([
  ["wasm", () => openBackend({ device: "wasm" })],
  ["reference", () => openReference()],
] as const)("topMatches on the %s backend", (_name, open: () => Backend | Promise<Backend>) => {
  const backend = useBackend(open);
  const [vectors, queries] = [coarseVectors(1, 1100, 6), coarseVectors(2, 520, 6)];
  vectors[7] = of(0, 0, 0, 0, 0, 0);
  vectors[8] = of(0, Number.NaN, 0, 0, 0, 0);
  queries[3] = of(0, 0, 0, 0, 0, 0);
  const finite = vectors.map((vector, i) => (i === 8 ? undefined : vector));

  test.each<TopMatchesOptions>([
    {},
    { top: 3, threshold: 0.9 },
    { score: "dot", top: 4 },
    { score: "dot", threshold: 15 },
  ])("with %j equals comparing all with all and sorting, ties too", async (options) => {
    const found = await topMatches(queries, vectors, { ...options, backend: backend() });
    const expected = slowMatches(
      queries,
      finite.filter((vector) => vector !== undefined),
      options,
    );
    const places = finite.flatMap((vector, i) => (vector ? [i] : []));
    expect(found).toEqual(expected.map((row) => row.map(({ index, score }) => ({ index: places[index], score }))));
  });

  test("vectors of any length, from the smallest to the largest, have their cosine", async () => {
    const wide = [of(3e38, 3e38), of(1e-45, 0), of(1e-20, -1e-20), of(-3e38, 1)];
    const found = await topMatches(wide, wide, { top: 4, backend: backend() });
    expect(found).toEqual(slowMatches(wide, wide, { top: 4 }));
  });
});
