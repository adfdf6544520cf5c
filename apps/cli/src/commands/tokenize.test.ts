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

  test("writes the ids of each text alone", async () => {
    const { out } = await line.run(["tokenize", "--output-format", "ids", "hi", ""]);
    const { out: whole } = await line.run(["tokenize", "hi", ""]);
    const rows = whole.trimEnd().split("\n");
    expect(out).toBe(rows.map((row) => `${JSON.parse(row).ids.join(" ")}\n`).join(""));
  });

  test("shows tokens in colours, and by bars where colours are refused", async () => {
    const view = ["tokenize", "--output-format", "view", "hi hi"];
    const colored = await line.run(view, { environment: { FORCE_COLOR: "1" } });
    expect(colored.out).toContain("\u001b[46mh\u001b[49m");
    for (const environment of [{ NO_COLOR: "1" }, {}]) {
      expect((await line.run(view, { environment })).out).toBe("h|i h|i  (6 tokens)\n");
    }
    expect((await line.run([...view, "--no-color"], { environment: { FORCE_COLOR: "1" } })).out).not.toContain(
      "\u001b",
    );
  });

  test("counts the tokens of files and patterns, each and all, without special tokens", async () => {
    await line.put("b.txt", "hi hi\n\nhi\n");
    await line.put("a.txt", "hi");
    await line.put("c.csv", "text,n\nhi hi,1\n");
    const { out } = await line.run(["tokenize", "--count", "--input", "*.txt", "--input", "c.csv"]);
    const counts = out
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row));
    expect(counts).toEqual([
      { source: "a.txt", texts: 1, tokens: 2 },
      { source: "b.txt", texts: 3, tokens: 6 },
      { source: "c.csv", texts: 1, tokens: 4 },
      { source: null, texts: 5, tokens: 12 },
    ]);
    const table = await line.run(["tokenize", "--count", "--output-format", "table", "--input", "b.txt"]);
    expect(table.out).toMatch(/^ +6 tokens +3 texts {2}b\.txt\n$/);
  });

  test("counts standard input as it comes, and texts of the command line", async () => {
    const input = "hi\n".repeat(50_000);
    const piped = await line.run(["tokenize", "--count", "-"], { input });
    expect(JSON.parse(piped.out)).toEqual({ source: "standard input", texts: 50_000, tokens: 100_000 });
    const given = await line.run(["tokenize", "--count", "hi", "hi hi"]);
    expect(JSON.parse(given.out)).toEqual({ source: "command line", texts: 2, tokens: 6 });
  });

  test("says what cannot be counted", async () => {
    const cut = await line.run(["tokenize", "--count", "--max-length", "4", "hi"]);
    expect([cut.code, cut.err]).toEqual([2, expect.stringContaining("--max-length cuts some off")]);
    const viewed = await line.run(["tokenize", "--count", "--output-format", "view", "hi"]);
    expect([viewed.code, viewed.err]).toEqual([2, expect.stringContaining("--count has no view")]);
    const absent = await line.run(["tokenize", "--count", "--input", "none.txt"]);
    expect([absent.code, absent.out]).toEqual([1, ""]);
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
