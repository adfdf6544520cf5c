import { readdir, readFile } from "node:fs/promises";
import { openCheckpoint } from "@bertkit/checkpoint";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();

/** The JSON that a browser would read from the page. */
function dataIn(page: string): { texts: { text: string; pair?: string; tokens: string[] }[]; [name: string]: unknown } {
  const [, json = ""] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(json);
}

describe("bertkit inspect", () => {
  test("writes one page of the texts and pairs that it was given, which loads nothing", async () => {
    const texts = ["a <b>library</b>", "a ||| not a"];
    const { code, out, err } = await line.run(["inspect", ...texts, "--output", "maps.html"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe("maps.html: attention of 2 layers with 4 heads; 2 texts, 17 tokens\n");
    const page = await readFile(line.path("maps.html"), "utf8");
    const { texts: shown, ...extents } = dataIn(page);
    expect(extents).toEqual({ layers: 2, heads: 4, bytes: 2 });
    expect(shown.map(({ text, pair }) => [text, pair])).toEqual([
      ["a <b>library</b>", undefined],
      ["a", "not a"],
    ]);
    expect(shown[1]!.tokens).toEqual(["[CLS]", "a", "[SEP]", "not", "a", "[SEP]"]);
    expect(page).toContain("<title>tiny</title>");
    expect(page).not.toMatch(/(src|href)="(?!data:)|https?:|<b>/);
    expect(page).toContain("default-src 'none'");
  });

  test("rows of the page's attention sum to 1, from [CLS] to [SEP]", async () => {
    await line.run(["inspect", "a ||| not a", "--output", "maps.html", "--title", "<Maps>"]);
    const page = await readFile(line.path("maps.html"), "utf8");
    expect(page).toContain("<title>&#60;Maps&#62;</title>");
    const layers = [...page.matchAll(/id="weights-0-\d">([^<]+)</g)].map(([, packed]) =>
      Buffer.from(packed!, "base64"),
    );
    expect(layers.map(({ length }) => length)).toEqual([2 * 4 * 6 * 6, 2 * 4 * 6 * 6]);
    for (const layer of layers) {
      for (let row = 0; row < layer.length; row += 12) {
        const levels = Array.from({ length: 6 }, (_, key) => layer.readUInt16LE(row + 2 * key));
        expect(Math.abs(levels.reduce((sum, level) => sum + level, 0) - 65535)).toBeLessThanOrEqual(4);
      }
    }
  });

  test("writes arrays with their tokens, whole or one part", async () => {
    await line.put("texts.txt", "a library\n\n");
    const args = ["inspect", "--input", "texts.txt", "--output"];
    expect((await line.run([...args, "s.safetensors"])).out).toBe(
      "s.safetensors: attention and hidden states of 2 layers with 4 heads; 2 texts, 6 tokens\n",
    );
    await using source = await openCheckpoint(line.path("s.safetensors"));
    const shapes = Object.fromEntries(Array.from(source.entries, ([name, { shape }]) => [name, [...shape]]));
    expect(shapes).toMatchObject({
      "text.0.attention.1": [4, 4, 4],
      "text.0.hidden.2": [4, 32],
      "text.0.ranges": [4, 2],
      "text.1.attention.0": [4, 2, 2],
    });
    expect(Object.keys(shapes)).toHaveLength(2 * (2 + 3 + 2));
    expect(JSON.parse(source.metadata.get("texts")!)).toEqual([
      { text: "a library", tokens: ["[CLS]", "a", "library", "[SEP]"] },
      { text: "", tokens: ["[CLS]", "[SEP]"] },
    ]);
    const weights = await source.read("text.0.attention.1");
    for (let row = 0; row < weights.length; row += 4) {
      expect([...weights.subarray(row, row + 4)].reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
    const json = await line.run([...args, "h.safetensors", "--hidden", "--json"]);
    expect(JSON.parse(json.out)).toEqual({
      output: "h.safetensors",
      parts: ["hidden"],
      texts: 2,
      tokens: 6,
      layers: 2,
      heads: 4,
      width: 32,
    });
    await using hidden = await openCheckpoint(line.path("h.safetensors"));
    expect([...hidden.entries.keys()].filter((name) => name.includes("attention"))).toEqual([]);
    expect(await hidden.read("text.0.hidden.2")).toEqual(await source.read("text.0.hidden.2"));
    await line.run([...args, "a.safetensors", "--attention"]);
    await using attention = await openCheckpoint(line.path("a.safetensors"));
    expect([...attention.entries.keys()].filter((name) => name.includes("hidden"))).toEqual([]);
  });

  test("reads standard input and pairs in columns, and says what was cut", async () => {
    const piped = await line.run(["inspect", "--output", "maps.html", "--max-length", "4"], { input: "a\na a a a\n" });
    expect(piped.out).toContain("2 texts, 7 tokens");
    expect(piped.err).toMatch(/^warning: 1 of 2 inputs were cut to 4 tokens;/);
    await line.put("pairs.csv", "q,p\na,not a\n");
    const args = ["inspect", "--input", "pairs.csv", "--fields", "q,p", "--output", "maps.html"];
    expect(await line.run(args)).toMatchObject({ code: 0, err: "" });
    const { texts } = dataIn(await readFile(line.path("maps.html"), "utf8"));
    expect(texts).toMatchObject([{ text: "a", pair: "not a" }]);
  });

  test.each([
    [[], 2, "--output maps.html makes a page of attention maps"],
    [["--output", "-"], 2, "goes into a file"],
    [["--output", "maps.pdf"], 2, "maps.pdf: its extension says no form of inspection"],
    [["--output", "maps.html", "--hidden"], 2, "a page shows attention only"],
    [["--output", "s.safetensors", "--title", "a"], 2, "--title is for pages"],
    [["--output", "nowhere/maps.html"], 1, "there is no folder nowhere"],
  ])("refuses %j and leaves nothing behind", async (args, expected, message) => {
    const { code, out, err } = await line.run(["inspect", "a", ...args]);
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(err).toContain(message);
    expect(await readdir(line.folder)).toEqual([]);
  });

  test("refuses an input without texts", async () => {
    const { code, out, err } = await line.run(["inspect", "--output", "maps.html"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("there are no texts to look at");
    expect(await readdir(line.folder)).toEqual([]);
  });
});

describe("bertkit inspect of a model with many heads", () => {
  beforeEach(() =>
    writeTinyModel(line.path("many"), {
      sizes: { width: 64, heads: 64, layers: 2, innerWidth: 8, positions: 1024 },
      maxLength: 1024,
    }),
  );

  test("says at which text a page is full, before it computes", async () => {
    await line.put("texts.txt", `a\n${"a ".repeat(1100)}\na\n`);
    const args = ["inspect", "--model", "many", "--input", "texts.txt", "--output", "maps.html"];
    const { code, out, err } = await line.run(args);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(
      "texts.txt:2: up to here are 134,218,880 probabilities, and a page opens with 134,217,728 at most",
    );
    expect(err).toContain("give it fewer texts, or cut them with --max-length");
    expect((await readdir(line.folder)).sort()).toEqual(["many", "texts.txt"]);
  });
});
