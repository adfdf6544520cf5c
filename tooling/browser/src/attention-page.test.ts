import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { type AttentionText, attentionPage } from "bertkit";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { describeInChromium, launchChromium } from "./chromium.js";

const layers = 2;
const heads = 3;
/** Half a unit of the four decimals that the page shows, and what two bytes are right to. */
const shownTolerance = 0.00005 + 0.00001;

const hostileTokens = [
  "</script><script>window.hacked = 1</script>",
  `<img src=x onerror="window.hacked = 1">`,
  "<!--<script>",
  "&amp;'\"\\",
  "\u2028",
  "\u202etxt.exe\u202c",
  "\u2069\u2069x",
  "",
  "\u0000\u0007",
  "\ud800",
];

const hostile = textOf(hostileTokens, { text: hostileTokens.join(" "), pair: "<b>Tom</b> & Jerry" });
const arabic = textOf(["[CLS]", "ال", "##كتاب", "[SEP]"], { text: "الكتاب" });
const title = "</title><script>window.hacked = 1</script>";

describeInChromium("an attention page", () => {
  let folder = "";
  let address = "";
  let browser: Browser;
  let page: Page;
  /** What went wrong in the page, and what it asked for beyond itself. */
  let noted: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bertkit-attention-"));
    const path = join(folder, "page.html");
    await writeFile(path, attentionPage([hostile, arabic], { title }));
    address = pathToFileURL(path).href;
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });
  afterEach(() => page.context().close());

  async function open(options: BrowserContextOptions = {}): Promise<void> {
    const context = await browser.newContext(options);
    page = await context.newPage();
    noted = [];
    page.on("console", (message) => noted.push(message.text()));
    page.on("pageerror", (error) => noted.push(String(error)));
    page.on("request", (request) => request.url() !== address && noted.push(request.url()));
    await page.goto(address);
  }

  test("runs without an error and asks for nothing", async () => {
    await open();
    for (const text of [1, 0]) {
      await page.selectOption("#text", { index: text });
      await page.click("#all-heads");
      await page.hover("#cells canvas");
      await page.hover("#keys li");
    }
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(noted).toEqual([]);
  });

  test("shows hostile tokens as text", async () => {
    await open();
    const shown = await page.locator("#tokens button").allTextContents();
    const named = ["U+2028", "U+202Etxt.exeU+202C", "U+2069U+2069x", "(empty)", "U+0000U+0007"];
    expect(shown).toEqual([...hostileTokens.slice(0, 4), ...named, ...hostileTokens.slice(9)]);
    expect(await page.title()).toBe(title);
    expect(await page.textContent("h1")).toBe(title);
    expect(await page.textContent("#texts p:nth-child(2)")).toBe(hostile.pair);
    expect(await page.locator("img, b, iframe, body > :not(header, form, main, script)").count()).toBe(0);
    expect(await page.evaluate(() => "hacked" in globalThis)).toBe(false);
  });

  test("runs no other script and loads nothing even where something asks for it", async () => {
    await open();
    const loaded = await page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "globalThis.hacked = 1";
      document.body.append(script);
      return ["hacked" in globalThis, await fetch("data:,x").then(Boolean, () => false)];
    });
    expect(loaded).toEqual([false, false]);
  });

  test("shows the probabilities that it was given, rows that sum to 1", async () => {
    await open();
    const n = hostileTokens.length;
    for (const [layer, head] of [
      [0, 0],
      [1, 2],
    ] as const) {
      await page.click(`#overview button[aria-label="Layer ${layer}, head ${head}"]`);
      for (let query = 0; query < n; query++) {
        await page.locator("#tokens button").nth(query).focus();
        const row = await shownRow(page);
        const first = (head * n + query) * n;
        const given = hostile.attention[layer]!.subarray(first, first + n);
        for (const [key, weight] of given.entries()) {
          expect(Math.abs(row.get(key)! - weight)).toBeLessThanOrEqual(shownTolerance);
        }
        const sum = [...row.values()].reduce((total, weight) => total + weight, 0);
        expect(Math.abs(sum - 1)).toBeLessThanOrEqual(n * shownTolerance);
      }
    }
  }, 60_000);

  test("is used with the keyboard alone", async () => {
    await open();
    await page.focus("#overview button");
    for (const key of ["ArrowDown", "ArrowRight", "Enter"]) await page.keyboard.press(key);
    expect(await page.locator("#layer").inputValue()).toBe("1");
    expect(await page.locator("#heads input:checked").getAttribute("aria-label")).toBe("Head 1");
    await page.focus("#map");
    for (const key of ["ArrowDown", "ArrowDown", "End"]) await page.keyboard.press(key);
    const n = hostileTokens.length;
    const weight = hostile.attention[1]![(n + 2) * n + n - 1]!;
    expect(await page.textContent("#readout")).toMatch(/\(2\) → .*\(9\): /);
    expect(Number((await page.textContent("#readout"))!.split(": ").at(-1))).toBeCloseTo(weight, 3);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#tokens button:nth-child(3)[aria-pressed=true]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("#tokens button:nth-child(3)[aria-pressed=false]");
  });

  test("lays a text out in its own direction, and its two texts in two colours", async () => {
    await open();
    const colours = await page
      .locator("#texts p")
      .evaluateAll((texts) => texts.map((text) => getComputedStyle(text).color));
    expect(new Set(colours).size).toBe(2);
    expect(await page.getAttribute("#tokens", "dir")).toBe("ltr");
    await page.selectOption("#text", { index: 1 });
    expect(await page.getAttribute("#tokens", "dir")).toBe("rtl");
    const [first, last] = await page
      .locator("#tokens button")
      .evaluateAll((tokens) => [tokens[0], tokens.at(-1)].map((token) => token!.getBoundingClientRect().left));
    expect(first!).toBeGreaterThan(last!);
  });

  test("fits a phone, and a dark scheme is dark", async () => {
    await open({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(background).toBe("rgb(13, 17, 23)");
  });
});

/** Random attention, the same in each run. */
function textOf(tokens: readonly string[], { text, pair }: Pick<AttentionText, "text" | "pair">): AttentionText {
  const n = tokens.length;
  let state = n;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const row = (): number[] => {
    const scores = Array.from({ length: n }, () => random() ** 4);
    const sum = scores.reduce((total, score) => total + score, 0);
    return scores.map((score) => score / sum);
  };
  const layer = (): Float32Array => Float32Array.from(Array.from({ length: heads * n }, row).flat());
  const sequenceIds = Int32Array.from({ length: n }, (_, i) =>
    i === 0 ? -1 : i > n / 2 && pair !== undefined ? 1 : 0,
  );
  return {
    text,
    pair,
    tokens,
    ranges: Int32Array.from({ length: 2 * n }, (_, i) => i % 2),
    sequenceIds,
    attention: Array.from({ length: layers }, layer),
  };
}

/** By place, what the token in focus gives; the page draws it with the next frame. */
async function shownRow(page: Page): Promise<Map<number, number>> {
  await page.evaluate(() => new Promise(requestAnimationFrame));
  const rows = await page
    .locator("#ranking tbody tr")
    .evaluateAll((found) =>
      found.map((row) => Array.from(row.querySelectorAll("td"), ({ textContent }) => Number(textContent))),
    );
  return new Map(rows.map(([place, weight]) => [place!, weight!]));
}
