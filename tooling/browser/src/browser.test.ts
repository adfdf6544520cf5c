import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { loadSentenceEncoder } from "bertkit";
import { describeInChromium } from "./chromium.js";
import { largestDifference, tolerance } from "./largest-difference.js";
import { openSite, type Site, type Visit } from "./site.js";
import { isolation } from "./start-server.js";

const texts = Array.from({ length: 60 }, (_, i) => `${"the sea at night ".repeat(1 + (i % 11))}text ${i}`);

/** Allows what bertkit needs at least: WebAssembly, and Workers from the site's own files. */
const strictPolicy = {
  "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
};

describeInChromium("a page built by Vite", () => {
  let model = "";
  let expected: readonly Float32Array[];
  let site: Site;
  let visit: Visit;

  beforeAll(async () => {
    model = await mkdtemp(join(tmpdir(), "bertkit-model-"));
    await writeTinyModel(model);
    using encoder = await loadSentenceEncoder(model);
    expected = await encoder.encode(texts);
    site = await openSite(model);
  }, 60_000);
  afterAll(async () => {
    await rm(model, { recursive: true });
    await site.close();
  });
  afterEach(async () => {
    await visit.leave();
    expect(visit.errors).toEqual([]);
  });

  test("has nothing of Node's in it that the bundler would warn of", async () => {
    visit = await site.visit();
    expect(site.said).toMatch(/✓ built/);
    expect(site.said).not.toMatch(/warn|externalized|unresolved|\(!\)/i);
  });

  describe.each([
    ["with cross-origin isolation", isolation, /2 threads/],
    ["without cross-origin isolation", {}, /^wasm(?!.*threads)/],
    [
      "isolated, with a policy that allows no Worker from a Blob",
      { ...isolation, ...strictPolicy },
      /^wasm(?!.*threads)/,
    ],
  ])("%s", (_, headers, device) => {
    beforeEach(async () => {
      visit = await site.visit(headers);
    });

    test.each(["own worker", "worker"] as const)("encodes in a Worker of %s", async (place) => {
      expect(await visit.open({ place, threads: 2 })).toMatch(device);
      const { vectors } = await visit.encode(texts);
      expect(largestDifference(vectors, expected)).toBeLessThan(tolerance);
      expect(await visit.closeEncoder()).toBe(0);
    });

    test("encodes on the page's own thread, which is one", async () => {
      expect(await visit.open({ place: "page", threads: 2 })).toMatch(/^wasm(?!.*threads)/);
      const { vectors } = await visit.encode(texts);
      expect(largestDifference(vectors, expected)).toBeLessThan(tolerance);
      expect(await visit.workers()).toBe(0);
      expect(await visit.closeEncoder()).toBe(0);
    });
  });
});
