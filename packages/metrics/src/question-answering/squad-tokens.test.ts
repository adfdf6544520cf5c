import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { mlqaTokens } from "./mlqa.js";
import { normalizeAnswer, squadTokens } from "./squad-tokens.js";

describe("SQuAD's normalising", () => {
  test("lowers, drops ASCII punctuation and articles, and collapses white space", () => {
    expect(normalizeAnswer("  The U.S. Army's   «best»\tday — a $5 one ")).toBe("us armys «best» day — 5 one");
  });

  test("an article ends where Python's Unicode words end", () => {
    expect(squadTokens("théa an-the a२ a中 a_the")).toEqual(["théa", "anthe", "a२", "a中", "athe"]);
    // A mark is no letter to Python, so "a" stands alone before it.
    expect(squadTokens("a\u0301b")).toEqual(["\u0301b"]);
    expect(squadTokens("«the»a→an")).toEqual(["«", "»", "→"]);
  });

  test("white space is Python's: U+001C to U+001F and U+0085 are, U+FEFF and U+200B are not", () => {
    expect(squadTokens("x\u001cy\u0085z\u2028w")).toEqual(["x", "y", "z", "w"]);
    expect(squadTokens("x\ufeffy\u200bz")).toEqual(["x\ufeffy\u200bz"]);
  });

  test("a final sigma is lowered as Python lowers it", () => {
    expect(squadTokens("ΣΟΦΟΣ Σ")).toEqual(["σοφος", "σ"]);
  });

  test("what is normalised has no white space but single spaces, whatever it was made of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(squadTokens(text).join(" ")).toBe(normalizeAnswer(text));
        expect(normalizeAnswer(text)).not.toMatch(/^ | $| {2}|[A-Z!-/]/);
      }),
    );
  });
});

describe("MLQA's normalising", () => {
  test("cuts Chinese into characters up to U+9FA5, and leaves other scripts whole", () => {
    expect(mlqaTokens("在1949年，中華《NBA》A 隊㐀𠀀", "zh")).toEqual([..."在,1949,年,中,華,nbaa,隊,㐀𠀀".split(",")]);
  });

  test("drops a language's own articles and all of Unicode's punctuation", () => {
    expect(mlqaTokens("Der „Hund“ eines Mannes", "de")).toEqual(["hund", "mannes"]);
    expect(mlqaTokens("¿Unos gatos, la unanimidad?", "es")).toEqual(["gatos", "unanimidad"]);
    expect(mlqaTokens("những con mèo của tôi", "vi")).toEqual(["con", "mèo", "tôi"]);
    expect(mlqaTokens("القط", "ar")).toEqual(["قط"]);
    expect(mlqaTokens("the घर। का", "hi")).toEqual(["the", "घर", "का"]);
  });

  test("a language it has no rules for is an error that lists those it has", () => {
    const language = JSON.parse('"fr"');
    expect(() => mlqaTokens("le chat", language)).toThrow('ar, de, en, es, hi, vi, zh, not "fr"');
  });
});
