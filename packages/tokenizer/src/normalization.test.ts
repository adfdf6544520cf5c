import { describe, expect, test } from "@jest/globals";
import { googleClasses, huggingFaceClasses } from "./character-classes.js";
import { huggingFaceCharacters } from "./character-data.js";
import { cleanText, isolateCjk, lowerCase, lowerCaseInContext, type Stage, stripAccents } from "./normalization.js";
import { wholeSpan } from "./span.js";

const spansOf = (stage: Stage, text: string) =>
  stage([wholeSpan(text)]).map(({ text, start, end }) => [text, start, end]);

describe("cleanText", () => {
  const clean = cleanText(huggingFaceClasses);
  test("makes every white space a space and removes controls", () => {
    expect(spansOf(clean, "a\tb\u00a0c")).toEqual([["a b c", 0, 5]]);
    expect(spansOf(clean, "a\0b\u00adc\ufffd")).toEqual([
      ["a", 0, 1],
      ["b", 2, 3],
      ["c", 4, 5],
    ]);
  });
  test("removes private use with Hugging Face, and keeps it with Google", () => {
    expect(spansOf(clean, "\ue000")).toEqual([]);
    expect(spansOf(cleanText(googleClasses), "\ue000")).toEqual([["\ue000", 0, 1]]);
  });
});

test("isolateCjk gives a character and its spaces a span of their own", () => {
  expect(spansOf(isolateCjk(huggingFaceClasses), "a世b𠀀")).toEqual([
    ["a", 0, 1],
    [" 世 ", 1, 2],
    ["b", 2, 3],
    [" 𠀀 ", 3, 5],
  ]);
  expect(spansOf(isolateCjk(huggingFaceClasses), "\u{2b820}")).toEqual([["\u{2b820}", 0, 2]]);
  expect(spansOf(isolateCjk(googleClasses), "\u{2b820}")).toEqual([[" \u{2b820} ", 0, 2]]);
});

describe("stripAccents", () => {
  const strip = stripAccents(huggingFaceCharacters);
  test("keeps text of the same length in one span", () => {
    expect(spansOf(strip, "naïve Ångström")).toEqual([["naive Angstrom", 0, 14]]);
  });
  test("drops marks that stand alone and takes syllables apart", () => {
    expect(spansOf(strip, "e\u0301a")).toEqual([
      ["e", 0, 1],
      ["a", 2, 3],
    ]);
    expect(spansOf(strip, "가")).toEqual([["\u1100\u1161", 0, 1]]);
  });
  test("puts marks that stay into canonical order; the place, not the mark, has the range", () => {
    // U+1D165 (combining class 216) goes before U+0301 (230, dropped) and takes its place.
    expect(spansOf(strip, "a\u0301\u{1d165}")).toEqual([
      ["a", 0, 1],
      ["\u{1d165}", 1, 2],
    ]);
    expect(spansOf(strip, "x\u{1d165}\u302e\u{1d165}y")).toEqual([
      ["x", 0, 1],
      ["\u{1d165}", 1, 3],
      ["\u{1d165}", 3, 4],
      ["\u302e", 4, 6],
      ["y", 6, 7],
    ]);
  });
  test("leaves together what came to Unicode after the references' tables", () => {
    expect(spansOf(strip, "\u{11938}")).toEqual([["\u{11938}", 0, 2]]);
  });
});

test("lowerCase takes each character alone, lowerCaseInContext ends words with ς", () => {
  expect(spansOf(lowerCase(), "ΟΔΟΣ İ")).toEqual([
    ["οδοσ ", 0, 5],
    ["i\u0307", 5, 6],
  ]);
  expect(spansOf(lowerCaseInContext(), "ΟΔΟΣ İΣ ΣΑΣ")).toEqual([
    ["οδος ", 0, 5],
    ["i\u0307", 5, 6],
    ["ς σας", 6, 11],
  ]);
});
