import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataPath } from "@bertkit-tooling/test-data";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { buildPage } from "./build-page.js";
import { describeInChromium, launchChromium } from "./chromium.js";
import { isolation, type StaticServer, startServer } from "./start-server.js";

describeInChromium("x", () => {
  let folder = "";
  let browser: Browser;
  let server: StaticServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "browser-"));
    console.log(await buildPage(folder));
    browser = await launchChromium();
    server = await startServer({ folders: { "/": folder, "/model/": dataPath("checkpoints/all-MiniLM-L6-v2") }, headers: isolation });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true });
  });
  test.each(["page", "own worker"] as const)("%s", async (place) => {
    const page = await browser.newPage();
    page.on("console", (m) => console.log(m.text()));
    page.on("pageerror", (m) => console.log(m));
    await page.goto(`${server.address}/`);
    const model = `${server.address}/model`;
    const t = performance.now();
    const device = await page.evaluate((request) => program.open(request), { model, place, threads: 2 });
    const texts = Array.from({ length: 100 }, (_, i) => `This is text number ${i} about a lovely library.`);
    const t1 = performance.now();
    const encoded = await page.evaluate((texts) => program.encode(texts), texts);
    const t2 = performance.now();
    console.log(device, t1 - t, t2 - t1, { ...encoded, vectors: encoded.vectors[0]?.length }, await page.evaluate(() => program.hold(120)), page.workers().length, await page.evaluate(() => crossOriginIsolated));
    await page.evaluate(() => program.close());
    await new Promise((r) => setTimeout(r, 300));
    console.log(page.workers().length);
    expect(device).toMatch(/^wasm/);
    await page.close();
  });
});
