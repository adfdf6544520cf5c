import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Alignment } from "./alignment.js";
import { BertTokenizer } from "./bert-tokenizer.js";

const vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nun\n##aff\n##able\na\n.\nf\n##i\n😀\n##x\nfi";
const tokenizer = BertTokenizer.fromVocabulary(vocabulary);

describe("Alignment", () => {
  // [CLS] un ##aff ##able a . [SEP] a un [SEP]
  const aligned = new Alignment(tokenizer.encode("Unaffable  a.", { pair: "a un" }));

  test("finds the token and the word of a character", () => {
    expect(aligned.tokenAt(0)).toBe(1);
    expect(aligned.tokenAt(4)).toBe(2);
    expect(aligned.tokenAt(8)).toBe(3);
    expect(aligned.wordAt(8)).toBe(0);
    expect(aligned.wordAt(11)).toBe(1);
    expect(aligned.tokenAt(2, 1)).toBe(8);
    expect(aligned.wordAt(2, 1)).toBe(1);
  });

  test("finds none for white space, beyond the text and before it", () => {
    for (const position of [9, 10, 13, 99, -1]) expect(aligned.tokenAt(position)).toBeUndefined();
    expect(aligned.wordAt(1, 1)).toBeUndefined();
    expect(new Alignment(tokenizer.encode("a")).tokenAt(0, 1)).toBeUndefined();
  });

  test("finds the tokens and the range of a word", () => {
    expect(aligned.tokensOfWord(0)).toEqual({ start: 1, end: 4 });
    expect(aligned.rangeOfWord(0)).toEqual({ start: 0, end: 9 });
    expect(aligned.tokensOfWord(1, 1)).toEqual({ start: 8, end: 9 });
    expect(aligned.rangeOfWord(1, 1)).toEqual({ start: 2, end: 4 });
    expect(aligned.rangeOfWord(3)).toBeUndefined();
    expect(aligned.tokensOfWord(-1)).toBeUndefined();
  });

  test("finds the tokens that have a part of a range, for labels given in characters", () => {
    expect(aligned.tokensIn({ start: 3, end: 12 })).toEqual({ start: 2, end: 5 });
    expect(aligned.tokensIn({ start: 9, end: 11 })).toBeUndefined();
    expect(aligned.tokensIn({ start: 4, end: 4 })).toBeUndefined();
    expect(aligned.tokensIn({ start: 0, end: 99 }, 1)).toEqual({ start: 7, end: 9 });
  });

  test("says which tokens are those of a text", () => {
    expect(aligned.tokensOf()).toEqual({ start: 1, end: 6 });
    expect(aligned.tokensOf(1)).toEqual({ start: 7, end: 9 });
    expect(new Alignment(tokenizer.encode("")).tokensOf()).toEqual({ start: 0, end: 0 });
  });

  test("of tokens that stand for the same character the first is found", () => {
    const kelvin = BertTokenizer.fromVocabulary("[UNK]\n[CLS]\n[SEP]\nᄀ\n##ᅡ", { lowerCase: true });
    const encoding = kelvin.encode("가");
    expect([...encoding.ranges]).toEqual([0, 0, 0, 1, 0, 1, 0, 0]);
    expect(new Alignment(encoding).tokenAt(0)).toBe(1);
    expect(new Alignment(encoding).tokensIn({ start: 0, end: 1 })).toEqual({ start: 1, end: 3 });
  });

  test("finds words that were split before by their numbers", () => {
    const words = new Alignment(tokenizer.encodeWords(["unaffable", "", "a.", "un"]));
    expect(words.tokensOfWord(0)).toEqual({ start: 1, end: 4 });
    expect(words.tokensOfWord(1)).toBeUndefined();
    expect(words.tokensOfWord(2)).toEqual({ start: 4, end: 6 });
    expect(words.rangeOfWord(2)).toEqual({ start: 0, end: 2 });
  });

  test("agrees with a look at every token, for any text", () => {
    const text = fc.string({ unit: fc.constantFrom(..."unaffable. 😀ﬁ", "\u0301", " "), maxLength: 24 });
    fc.assert(
      fc.property(text, text, fc.nat(30), fc.nat(30), (first, pair, start, end) => {
        const encoding = tokenizer.encode(first, { pair });
        const { ranges, sequenceIds } = encoding;
        const alignment = new Alignment(encoding);
        for (const sequence of [0, 1] as const) {
          const touching = Array.from(sequenceIds.keys()).filter(
            (token) =>
              sequenceIds[token] === sequence &&
              (ranges[2 * token] as number) < end &&
              (ranges[2 * token + 1] as number) > start &&
              start < end,
          );
          const found = alignment.tokensIn({ start, end }, sequence);
          expect(found).toEqual(
            touching.length === 0 ? undefined : { start: touching[0], end: (touching.at(-1) as number) + 1 },
          );
          if (end === start + 1) expect(alignment.tokenAt(start, sequence)).toBe(touching[0]);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
