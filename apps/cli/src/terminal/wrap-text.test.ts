import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { displayWidth } from "./display-width.js";
import { wrapText } from "./wrap-text.js";

describe("wrapText", () => {
  test("lines break after white space, which hangs over their ends", () => {
    expect(wrapText("one two three  four", 8)).toEqual(["one two ", "three  ", "four"]);
    expect(wrapText("exactly eight.. x", 8)).toEqual(["exactly ", "eight.. ", "x"]);
    expect(wrapText("", 8)).toEqual([""]);
  });

  test("ideographs take two columns each and break anywhere but before a closing mark", () => {
    expect(wrapText("東京は大きい。街です", 10)).toEqual(["東京は大き", "い。街です"]);
    expect(wrapText("東京は大きい。街", 12)).toEqual(["東京は大き", "い。街"]);
  });

  test("a word that fits no line is broken between graphemes", () => {
    expect(wrapText("a 12345678901 b", 5)).toEqual(["a 123", "45678", "901 b"]);
    expect(wrapText("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 4)).toEqual(["👩‍👩‍👧👩‍👩‍👧", "👩‍👩‍👧"]);
  });

  test("the lines of any text make it up, and none is wider than it may be", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 2, max: 20 }), (given, columns) => {
        const text = given.replace(/[\p{Cc}\p{Cf}]/gu, " ");
        const lines = wrapText(text, columns);
        expect(lines.join("")).toBe(text);
        for (const line of lines) expect(displayWidth(line.trimEnd())).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
