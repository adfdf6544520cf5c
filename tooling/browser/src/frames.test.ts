import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { describeInChromium } from "./chromium.js";
import { encodeInPeace } from "./encode-in-peace.js";
import { openSite, type Site, type Visit } from "./site.js";
import { isolation } from "./start-server.js";

const texts = Array.from({ length: 24 }, (_, i) => `${"the sea at night ".repeat(1 + (i % 11))}text ${i}`);

describeInChromium("a page's frames", () => {
  let model = "";
  let site: Site;
  let visit: Visit;

  beforeAll(async () => {
    model = await mkdtemp(join(tmpdir(), "bertkit-model-"));
    // Large enough that a batch of it on the page's thread is a long task.
    await writeTinyModel(model, { sizes: { width: 384, heads: 12, innerWidth: 1536, layers: 3 } });
    site = await openSite(model);
  }, 60_000);
  afterAll(async () => {
    await rm(model, { recursive: true });
    await site.close();
  });
  beforeEach(async () => {
    visit = await site.visit(isolation);
  });
  afterEach(() => visit.leave());

  test("are held up by what holds the page's thread, and that is seen", async () => {
    const { longTasks } = await visit.hold(120);
    expect(Math.max(...longTasks)).toBeGreaterThanOrEqual(119);
  });

  test.each(["own worker", "worker"] as const)("go on while a Worker encodes: %s", async (place) => {
    await visit.open({ place, threads: 2 });
    const { vectors, longTasks } = await encodeInPeace(visit, texts);
    expect(longTasks).toEqual([]);
    expect(vectors).toHaveLength(texts.length);
    expect(await visit.closeEncoder()).toBe(0);
  });
});
