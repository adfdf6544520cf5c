import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { largestDifference } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { loadSentenceEncoder } from "./load-sentence-encoder.js";

/** Made by tooling/golden/sentence_transformers_models.py. */
const golden = (path: string) =>
  fileURLToPath(new URL(`../../../tooling/golden/sentence-transformers/${path}`, import.meta.url));
// Its own float32 run is off by 1e-7: another order of summation has its own rounding.
const limit = 5e-7;

interface Expected {
  readonly texts: string[];
  /** In double precision. */
  readonly vectors: number[][];
}

describe.each(["reference", "wasm"] as const)("a folder of sentence-transformers 6 on the %s backend", (device) => {
  test("texts have its vectors: a plain one, none, one that is too long, one of strange characters", async () => {
    const json = JSON.parse(await readFile(golden("expected.json"), "utf8"));
    const { texts, vectors }: Expected = json["sentence-encoder"];
    using model = await loadSentenceEncoder(golden("sentence-encoder"), { device });
    expect([model.maxLength, model.width]).toEqual([24, 24]);
    const found = await model.encode(texts);
    expect(found).toHaveLength(6);
    for (const [i, vector] of found.entries()) {
      expect(largestDifference(vector, vectors[i]!)).toBeLessThan(limit);
    }
  });
});
