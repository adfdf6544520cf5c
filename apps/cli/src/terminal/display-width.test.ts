import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { displayWidth, padded, shorten, shortenStart } from "./display-width.js";

describe("displayWidth", () => {
  test.each([
    ["plain", 5],
    ["e\u0301", 1],
    ["é", 1],
    ["漢字", 4],
    ["ｆｕｌｌ", 8],
    ["한국어", 6],
    ["ひらがな", 8],
    ["𠀀", 2],
    ["🐶", 2],
    ["👨‍👩‍👧‍👦", 2],
    ["🇩🇪", 2],
    ["❄️", 2],
    ["❄", 1],
    ["…“”–", 4],
    ["\u200d", 0],
    ["", 0],
  ])("%j takes %i columns", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe("shorten", () => {
  test("cuts where the line ends, and says so", () => {
    expect(shorten("a short text", 12)).toBe("a short text");
    expect(shorten("a short text", 11)).toBe("a short te…");
    expect(shorten("a short text", 9)).toBe("a short…");
    expect(shorten("漢字漢字", 6)).toBe("漢字…");
    expect(shorten("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 4)).toBe("👨‍👩‍👧‍👦…");
  });

  test("of a place the end stays, where its line is", () => {
    expect(shortenStart("folder/reviews.csv:12", 21)).toBe("folder/reviews.csv:12");
    expect(shortenStart("folder/reviews.csv:12", 10)).toBe("…ws.csv:12");
    expect(shortenStart("漢字.csv:1", 8)).toBe("….csv:1");
  });

  test("whatever the text, it fits, and only what fits stays whole", () => {
    const texts = fc.string({ unit: "grapheme", maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 30 }), (text, columns) => {
        for (const shortened of [shorten(text, columns), shortenStart(text, columns)]) {
          expect(displayWidth(shortened)).toBeLessThanOrEqual(columns);
          expect(shortened === text).toBe(displayWidth(text) <= columns);
        }
        expect(displayWidth(padded(text, columns))).toBe(Math.max(columns, displayWidth(text)));
      }),
    );
  });
});
