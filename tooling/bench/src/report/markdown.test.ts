import { describe, expect, test } from "@jest/globals";
import { machine } from "../fixtures/results.js";
import { machineSentence, markdownTable, withSections } from "./markdown.js";

test("a table has its titles, a line, its rows; a bar in a cell is no border", () => {
  const rows = [
    ["a", "b"],
    ["1", "2|3"],
  ];
  expect(markdownTable(rows)).toBe("| a | b |\n|---|---|\n| 1 | 2\\|3 |");
});

test("a machine is one sentence", () => {
  expect(machineSentence(machine)).toBe(
    "A processor (avx2, fma), 2 cores, linux x64, load 0.25; node 26.10.0, bertkit 1.0.0 (abc).",
  );
});

describe("generated parts of a text", () => {
  const text = "Before.\n<!-- bench a -->\nold\n<!-- /bench -->\nBetween.\n<!-- bench b -->\n<!-- /bench -->\n";

  test("replace what stood between their marks, and nothing else", () => {
    const written = withSections(text, new Map([["a", "new"]]));
    expect(written).toBe(text.replace("\nold\n", "\n\nnew\n\n"));
  });

  test("are the same when they are written again", () => {
    const parts = new Map([
      ["a", "one"],
      ["b", "two"],
    ]);
    expect(withSections(withSections(text, parts), parts)).toBe(withSections(text, parts));
  });

  test("need a place", () => {
    expect(() => withSections(text, new Map([["c", "new"]]))).toThrow('it needs "<!-- bench c -->"');
  });
});
