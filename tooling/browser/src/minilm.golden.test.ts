import { readFile } from "node:fs/promises";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { describeInChromium } from "./chromium.js";
import { encodeInPeace } from "./encode-in-peace.js";
import { largestDifference, tolerance } from "./largest-difference.js";
import { openSite, type Site, type Visit } from "./site.js";
import { isolation } from "./start-server.js";

const width = 384;
const oneThread = /^wasm(?!.*threads)/;

describeWithData("checkpoints/all-MiniLM-L6-v2", "all-MiniLM-L6-v2", () => {
  describeInChromium("equals PyTorch in a page", () => {
    let texts: readonly string[];
    let expected: readonly Float64Array[];
    let site: Site;
    let visit: Visit;

    beforeAll(async () => {
      texts = JSON.parse(await readFile(dataPath("goldens/minilm/texts.json"), "utf8")).texts;
      const values = await float64s(dataPath("goldens/minilm/embeddings.safetensors"), "embeddings_f64");
      expected = texts.map((_, i) => values.subarray(i * width, (i + 1) * width));
      site = await openSite(dataPath("checkpoints/all-MiniLM-L6-v2"));
    }, 60_000);
    afterAll(() => site.close());
    afterEach(() => visit.leave());

    test.each([
      ["worker", "with cross-origin isolation", isolation, /2 threads/],
      ["worker", "without it", {}, oneThread],
      ["own worker", "with cross-origin isolation", isolation, /2 threads/],
      ["own worker", "without it", {}, oneThread],
    ] as const)("in a Worker (%s), %s, its frames undisturbed", async (place, _, headers, device) => {
      visit = await site.visit(headers);
      expect(await visit.open({ place, threads: 2 })).toMatch(device);
      const { vectors, longTasks } = await encodeInPeace(visit, texts);
      expect(largestDifference(vectors, expected)).toBeLessThan(tolerance);
      expect(longTasks).toEqual([]);
      expect(await visit.closeEncoder()).toBe(0);
    });
  });
});

/** An array of a safetensors file: eight bytes with the header's length, the header, the data. */
async function float64s(path: string, name: string): Promise<Float64Array> {
  const bytes = await readFile(path);
  const start = 8 + Number(bytes.readBigUInt64LE());
  const { data_offsets: range } = JSON.parse(bytes.toString("utf8", 8, start))[name] as { data_offsets: number[] };
  return new Float64Array(Uint8Array.from(bytes.subarray(start + range[0]!, start + range[1]!)).buffer);
}
