import { readFile } from "node:fs/promises";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();

describe("bertkit tokenize", () => {
  test("writes ids, tokens and ranges as JSON lines in a pipe", async () => {
    const { code, out } = await line.run(["tokenize", "Hi 🚀 hi", ""]);
    const [first, second] = out
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row));
    expect(code).toBe(0);
    expect(first.text).toBe("Hi 🚀 hi");
    expect(first.tokens.slice(0, 3)).toEqual(["[CLS]", "h", "##i"]);
    expect(first.ids).toHaveLength(first.tokens.length);
    expect(first.ranges.slice(0, 4)).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [3, 5],
    ]);
    expect(second).toMatchObject({ text: "", tokens: ["[CLS]", "[SEP]"] });
  });

  test("makes a table that no text can break", async () => {
    const { out } = await line.run(["tokenize", "--output-format", "table", "--max-length", "4", "h\u0007i hi hi"]);
    expect(out).toMatch(/│ 1 │ +\d+ │ h +│ 0–1 +│ h +│/);
    expect(out).not.toContain("\u0007");
    expect(out.match(/│ \d │/g)).toHaveLength(4);
  });
});

describeWithData("similarity/stsb/dev.tsv", "real files", () => {
  test("a table with quotes in its texts is read whole", async () => {
    const file = dataPath("similarity/stsb/dev.tsv");
    const rows = (await readFile(file, "utf8")).trimEnd().split("\n").slice(1);
    const { out } = await line.run(["tokenize", "--input", file, "--field", "sentence1", "--no-quotes"]);
    const texts = out
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row).text);
    expect(texts).toEqual(rows.map((row) => row.replace(/\r$/, "").split("\t")[7]));
  });
});
