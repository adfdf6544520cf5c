import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { displayWidth } from "../terminal/display-width.js";
import { pageHeading, pageResults } from "./results-page.js";

const cosines = (columns: number) => ({ columns, isCosine: true });
const plain = (page: string): string[] => stripVTControlCharacters(page).split("\n").slice(0, -1);

describe("pageResults", () => {
  test("ranks, bars, scores, places and texts stand below each other", () => {
    const results = [
      { score: 1, texts: [{ text: "the same words", place: "a.txt:7" }] },
      {
        score: 0.5,
        texts: [{ text: "something\tin common 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字", place: "a.txt:12" }],
      },
      { score: -0.1, texts: [{ text: "", place: "b.txt:1" }] },
    ];
    expect(plain(pageResults(results, cosines(64), 1))).toEqual([
      " 1 ████████  1.000  a.txt:7   the same words",
      " 2 ████      0.500  a.txt:12  something\\tin common 漢字漢字漢…",
      " 3          -0.100  b.txt:1",
    ]);
  });

  test("the texts of a pair stand below each other", () => {
    const texts = [
      { text: "one", place: "a.txt:1" },
      { text: "other", place: "a.txt:20" },
    ];
    expect(plain(pageResults([{ score: 0.95, texts }], cosines(80), 9))).toEqual([
      " 9 █████████▌  0.950  a.txt:1   one",
      "                      a.txt:20  other",
    ]);
  });

  test("without ranks and places there are no columns for them", () => {
    const result = { score: 0.25, texts: [{ text: "one", place: "" }] };
    expect(plain(pageResults([result], cosines(32)))).toEqual(["  █     0.250  one"]);
  });

  test("dot products are shown beside the best of them", () => {
    const results = [30, 15].map((score) => ({ score, texts: [{ text: "t", place: "" }] }));
    expect(plain(pageResults(results, { columns: 32, isCosine: false }, 1))).toEqual([
      " 1 ████ 30.000  t",
      " 2 ██   15.000  t",
    ]);
  });

  test("no line is wider than the terminal, whatever the texts", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 50, max: 160 }), (text, place, columns) => {
        const results = [{ score: 0.5, texts: [{ text, place }] }];
        const lines = [
          ...plain(pageResults(results, cosines(columns), 1)),
          ...plain(pageHeading(text, cosines(columns))),
        ];
        expect(lines).toHaveLength(2);
        for (const line of lines) expect(displayWidth(line)).toBeLessThan(columns);
      }),
    );
  });
});
