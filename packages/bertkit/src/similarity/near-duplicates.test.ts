import { openReference, RandomStream } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { openBackend } from "../devices.js";
import { nearDuplicates, type Pair } from "./near-duplicates.js";
import { cosineSimilarity } from "./scores.js";

const of = (...values: number[]) => Float32Array.from(values);

/** Of small whole numbers, so that many are equally alike. */
function coarseVectors(count: number, width: number): Float32Array[] {
  const random = new RandomStream(3);
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: width }, () => Math.floor(7 * random.uniform()) - 3),
  );
}

/** Compares all with all and sorts. */
function slowPairs(vectors: readonly Float32Array[], threshold: number): Pair[] {
  const pairs: Pair[] = [];
  for (const [a, left] of vectors.entries()) {
    for (let b = a + 1; b < vectors.length; b++) {
      const score = cosineSimilarity(left, vectors[b]!);
      if (score >= threshold) pairs.push({ a, b, score });
    }
  }
  return pairs.sort((one, other) => other.score - one.score || one.a - other.a || one.b - other.b);
}

describe("nearDuplicates", () => {
  const backend = useBackend(() => openBackend({ device: "wasm" }));

  test("gives each pair once, the best first", async () => {
    const vectors = [of(1, 0), of(0, 1), of(24, 7), of(2, 0)];
    expect(await nearDuplicates(vectors, { threshold: 0.9, backend: backend() })).toEqual([
      { a: 0, b: 3, score: 1 },
      { a: 0, b: 2, score: 24 / 25 },
      { a: 2, b: 3, score: 24 / 25 },
    ]);
  });

  test("opens a backend of its own where none is given", async () => {
    expect(await nearDuplicates([of(1, 0), of(1, 0)], { threshold: 1 })).toEqual([{ a: 0, b: 1, score: 1 }]);
  });

  test("over several blocks it equals comparing all with all, on every backend", async () => {
    const vectors = coarseVectors(1300, 6);
    const expected = slowPairs(vectors, 0.97);
    expect(expected.length).toBeGreaterThan(100);
    expect(await nearDuplicates(vectors, { threshold: 0.97, backend: backend() })).toEqual(expected);
    using reference = openReference();
    expect(await nearDuplicates(vectors, { threshold: 0.97, backend: reference })).toEqual(expected);
    expect(await nearDuplicates(vectors, { threshold: 0.5, top: 50, backend: backend() })).toEqual(
      expected.slice(0, 50),
    );
  });

  test("with the threshold 1 it finds what is equal, and what differs in length alone", async () => {
    const [vector] = coarseVectors(1, 384);
    const almost = vector!.slice();
    almost[5]! += 0.01;
    const vectors = [vector!, almost, vector!.slice(), vector!.map((value) => 2 * value)];
    const pairs = await nearDuplicates(vectors, { threshold: 1, backend: backend() });
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([
      [0, 2],
      [0, 3],
      [2, 3],
    ]);
  });

  test("zeros are like nothing, and what is not a number is in no pair", async () => {
    const vectors = [of(0, 0), of(0, 0), of(Number.NaN, 1), of(Infinity, 1), of(Infinity, 1)];
    const pairs = await nearDuplicates(vectors, { threshold: -1, backend: backend() });
    expect(pairs).toEqual([{ a: 0, b: 1, score: 0 }]);
  });

  test("fewer than two vectors are no pair", async () => {
    expect(await nearDuplicates([], { threshold: 0, backend: backend() })).toEqual([]);
    expect(await nearDuplicates([of(1)], { threshold: 0, backend: backend() })).toEqual([]);
  });

  test("more than a million pairs are an error that says what to do, unless the best are asked for", async () => {
    const vectors = new Array<Float32Array>(1500).fill(of(1, 2));
    const all = nearDuplicates(vectors, { threshold: 0.5, backend: backend() });
    await expect(all).rejects.toThrow(/more than 1,000,000 pairs have a cosine of 0.5 or more: raise the threshold/);
    await expect(all).rejects.toHaveProperty("code", "TOO_MANY_PAIRS");
    const best = await nearDuplicates(vectors, { threshold: 0.5, top: 3, backend: backend() });
    expect(best.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
  });

  test("counts the pairs it has compared, and stops after the block in which it is told to", async () => {
    const vectors = coarseVectors(1100, 4);
    const seen: (readonly [compared: number, pairs: number])[] = [];
    const controller = new AbortController();
    const search = (stopAt: number): Promise<Pair[]> =>
      nearDuplicates(vectors, {
        threshold: 1,
        backend: backend(),
        signal: controller.signal,
        onProgress: (...progress) => {
          seen.push(progress);
          if (seen.length === stopAt) controller.abort(new Error("enough"));
        },
      });
    await search(Infinity);
    expect(seen.map(([compared]) => compared)).toEqual([130816, 392960, 523776, 562688, 601600, 604450]);
    expect(seen.every(([, pairs]) => pairs === 604450)).toBe(true);
    seen.length = 0;
    await expect(search(2)).rejects.toThrow("enough");
    expect(seen).toHaveLength(2);
  });

  test("refuses what cannot be", async () => {
    const given = { backend: backend() };
    await expect(nearDuplicates([of(1), of(1, 2)], { threshold: 0, ...given })).rejects.toThrow(
      "vector 1 has 2 numbers",
    );
    await expect(nearDuplicates([], { threshold: -2, ...given })).rejects.toThrow(
      "from -1 to 1, as cosines are, got -2",
    );
    await expect(nearDuplicates([], { threshold: 0, top: 0.5, ...given })).rejects.toThrow("above 0, got 0.5");
  });
});
