import { readdir, readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { loadFeatureExtractor } from "bertkit";
import { decompress } from "fzstd";
import { useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();

interface FeatureObject {
  readonly linex_index: number;
  readonly features: readonly {
    readonly token: string;
    readonly layers: readonly { readonly index: number; readonly values: readonly number[] }[];
  }[];
}

const objectsOf = (out: string): FeatureObject[] =>
  out
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text));

const tokensOf = ({ features }: FeatureObject): string => features.map(({ token }) => token).join(" ");

describe("bertkit features", () => {
  test("writes a line of Google's for each text and pair, of the last blocks", async () => {
    const { code, out, err } = await line.run(["features", "a library", "a ||| not a", ""]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const found = objectsOf(out);
    expect(found.map(({ linex_index: index }) => index)).toEqual([0, 1, 2]);
    expect(found.map(tokensOf)).toEqual(["[CLS] a library [SEP]", "[CLS] a [SEP] not a [SEP]", "[CLS] [SEP]"]);
    for (const { features } of found) {
      for (const { layers } of features) {
        expect(layers.map(({ index, values }) => [index, values.length])).toEqual([
          [-1, 32],
          [-2, 32],
        ]);
      }
    }
    expect(out).toMatch(
      /^\{"linex_index": 0, "features": \[\{"token": "\[CLS\]", "layers": \[\{"index": -1, "values": \[/,
    );
  });

  test("says what the library says, of the blocks that are asked for, at six decimals", async () => {
    using extractor = await loadFeatureExtractor(`${line.models}/tiny`);
    const [expected] = await extractor.extract(["A lovely library."], { layers: [0, -1] });
    const { out } = await line.run(["features", "A lovely library.", "--layers", "0, -1", "--json"]);
    const { features } = objectsOf(out)[0]!;
    expect(features.map(({ token }) => token)).toEqual(expected!.tokens);
    for (const [at, { index, values }] of expected!.layers.entries()) {
      expect(features.map(({ layers }) => layers[at]!.index)).toEqual(features.map(() => index));
      const written = features.flatMap(({ layers }) => layers[at]!.values);
      for (const [i, value] of values.entries()) expect(written[i]).toBeCloseTo(value, 6);
    }
  });

  test("writes the same to a file, compressed as its name says", async () => {
    await line.put("texts.txt", "one\ntwo\n\nthree");
    const { out } = await line.run(["features"], { input: "one\ntwo\n\nthree" });
    const names = ["f.jsonl", "f.jsonl.gz", "f.jsonl.zst"];
    for (const name of names) {
      const run = await line.run(["features", "--input", "texts.txt", "--output", name]);
      expect(run).toEqual({ code: 0, out: "", err: "" });
    }
    const [plain, gz, zst] = await Promise.all(names.map((name) => readFile(line.path(name))));
    expect(objectsOf(out)).toHaveLength(4);
    expect(String(plain)).toBe(out);
    expect(String(gunzipSync(gz!))).toBe(out);
    expect(Buffer.from(decompress(zst!)).toString()).toBe(out);
  });

  test("an empty file has no features, and compressed none either", async () => {
    await line.put("empty.txt", "");
    expect(await line.run(["features", "--input", "empty.txt"])).toEqual({ code: 0, out: "", err: "" });
    await line.run(["features", "--input", "empty.txt", "--output", "f.jsonl.gz"]);
    expect(gunzipSync(await readFile(line.path("f.jsonl.gz")))).toHaveLength(0);
  });

  test("takes pairs from two columns, and says how many inputs were cut", async () => {
    await line.put("pairs.csv", "q,p\na,not a\na,library library library\n");
    const args = ["features", "--input", "pairs.csv", "--fields", "q,p", "--max-length", "6"];
    const { code, out, err } = await line.run(args);
    expect(code).toBe(0);
    expect(objectsOf(out).map(tokensOf)).toEqual(["[CLS] a [SEP] not a [SEP]", "[CLS] a [SEP] library library [SEP]"]);
    expect(err).toMatch(/^warning: 1 of 2 inputs were cut to 6 tokens; --max-length .*\n$/);
    expect((await line.run([...args, "--quiet"])).err).toBe("");
  });

  test.each([
    [["--layers", "last"], 2, "such as -1,-2"],
    [["--layers", "-3"], 1, "this model's are -2 to 1, got -3"],
    [["--output", "features.csv"], 2, "name it .jsonl, .jsonl.gz or .jsonl.zst"],
    [["--output", "nowhere/f.jsonl"], 1, "there is no folder nowhere"],
  ])("refuses %j and leaves nothing behind", async (args, expected, message) => {
    const { code, out, err } = await line.run(["features", "a", ...args]);
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(err).toContain(message);
    expect(await readdir(line.folder)).toEqual([]);
  });
});
