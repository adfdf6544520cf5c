import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { bertNormalization, dependsOnNeighbours, type NormalizationOptions, references } from "./reference.js";
import { splitWords } from "./split-words.js";
import { TextScanner } from "./text-scanner.js";
import { TokenBuffer, TokenCount } from "./token-buffer.js";
import { parseVocabulary } from "./vocabulary.js";
import { WordPiece } from "./word-piece.js";

const letters = [..."abcdefxyz0123éσς世丽\u1100\u1161Σ가\u302e\u{1d165}𠀀😀.'!"];
const vocabulary = parseVocabulary(
  ["[UNK]", ...letters, ...letters.map((letter) => `##${letter}`), "abc", "##de", "a\u0301", "\ufffd"].join("\n"),
);
const model = new WordPiece({ vocabulary, unknownToken: "[UNK]", continuationPrefix: "##", longestWord: 12 });

const all = [true, false];
const cases = Object.values(references).flatMap((reference) =>
  all.flatMap((cleanText) =>
    all.flatMap((isolateCjk) =>
      all.flatMap((stripAccents) =>
        all.map((lowerCase) => twoWays(reference, { cleanText, isolateCjk, stripAccents, lowerCase })),
      ),
    ),
  ),
);

/** The scanner of a normalisation, and the way of the stages to the same tokens. */
function twoWays(reference: (typeof references)["google"], options: NormalizationOptions) {
  const { classify } = reference;
  const stages = bertNormalization(options, reference);
  const normalize = (spans: Parameters<(typeof stages)[0]>[0]) =>
    stages.reduce((changed, stage) => stage(changed), spans);
  const isContextual = dependsOnNeighbours(options, reference);
  const scanner = new TextScanner({ normalize, classify, isContextual }, model);
  return {
    name: `${reference.name} ${JSON.stringify(options)}`,
    scanned(text: string, range = { from: 0, to: text.length }, wanted = Number.POSITIVE_INFINITY) {
      const tokens = new TokenBuffer();
      scanner.scan(text, range, { tokens, wanted, words: 0 });
      return listOf(tokens);
    },
    staged(text: string, { from, to } = { from: 0, to: text.length }) {
      const tokens = new TokenBuffer();
      const span = { text: text.slice(from, to), start: from, end: to };
      splitWords(normalize([span]), classify).forEach((word, number) => {
        model.tokenize(word, number, tokens);
      });
      return listOf(tokens);
    },
    count(text: string) {
      const tokens = new TokenCount();
      scanner.scan(text, { from: 0, to: text.length }, { tokens, wanted: Number.POSITIVE_INFINITY, words: 0 });
      return tokens.length;
    },
  };
}

const listOf = ({ ids, starts, ends, words, length }: TokenBuffer) =>
  Array.from({ length }, (_, at) => [ids[at], starts[at], ends[at], words[at]]);

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom(...letters, ..."AÉİ \t\u00a0\u0301\u0300\u200b\0豈\u{2f800}\u{1109a}\u1e05\u037e\ufb01 "),
  }),
  fc.string({ unit: fc.constantFrom(..."aΣ'.\u0301\u302e\u{1d165}\u{1d15e}\u0344世 "), minLength: 3, maxLength: 40 }),
);

describe("one pass gives what the stages give", () => {
  test("for any text, whatever the normalisation", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...cases), (text, { scanned, staged, count }) => {
        const wanted = staged(text);
        expect(scanned(text)).toEqual(wanted);
        expect(count(text)).toBe(wanted.length);
      }),
      { numRuns: 10_000 },
    );
  });

  test("for every character between letters", () => {
    // The first and the last of each reference have all of the normalisation, and none.
    for (const { name, scanned, staged } of [0, 15, 16, 31].map((index) => cases[index] as (typeof cases)[0])) {
      const different: string[] = [];
      for (let codePoint = 0; codePoint < 0x30000; codePoint += codePoint < 0x3000 ? 1 : 7) {
        if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
        const text = `a${String.fromCodePoint(codePoint)}b`;
        if (String(scanned(text)) !== String(staged(text))) different.push(`${name} ${codePoint.toString(16)}`);
      }
      expect(different).toEqual([]);
    }
  });

  test("for a stretch of a text, with ranges in the whole", () => {
    const [{ scanned, staged }] = cases as [(typeof cases)[0]];
    const text = "abc \u0301 Abcde\u{1d165}\u0301 xyz";
    expect(scanned(text, { from: 4, to: 15 })).toEqual(staged(text, { from: 4, to: 15 }));
  });
});

describe("long input", () => {
  const [{ scanned, count }] = cases as [(typeof cases)[0]];
  test("stops where enough tokens are found", () => {
    expect(scanned("abc abc abc abc", undefined, 2)).toHaveLength(2);
  });
  test("takes a word of a million letters for one unknown token with its whole range", () => {
    const length = 1_000_000;
    expect(scanned("a".repeat(length))).toEqual([[0, 0, length, 0]]);
    expect(scanned(`b${"\u0301".repeat(length)}c ${"😀".repeat(13)}`)).toEqual([
      [vocabulary.id("b"), 0, 1, 0],
      [vocabulary.id("##c"), length + 1, length + 2, 0],
      [0, length + 3, length + 29, 1],
    ]);
  });
  test("takes millions of marks in any order", () => {
    expect(count(`a${"\u0301\u0316".repeat(1_000_000)}\u{1d165}`)).toBe(2);
    expect(count("\u302e\u{1d165}".repeat(500_000))).toBe(1);
  });
});

test("of words that share a place each is itself", () => {
  const [{ scanned, staged }] = cases as [(typeof cases)[0]];
  const words = Array.from({ length: 50_000 }, (_, index) => index.toString(6).padStart(4, "x"));
  const text = [...words, ...words.reverse()].join(" ").replace(/[45]/g, (digit) => (digit === "4" ? "e" : "f"));
  expect(String(scanned(text))).toBe(String(staged(text)));
});
