import { describe, expect, test } from "@jest/globals";
import { BertTokenizer } from "./bert-tokenizer.js";
import type { Encoding } from "./encoding.js";

const vocabulary = [
  ..."[PAD] [UNK] [CLS] [SEP] [MASK] a b c un ##aff ##able ##a ##b cafe strasse straße don ' t . ! 世 界 i naive o".split(
    " ",
  ),
].join("\n");
const uncased = BertTokenizer.fromVocabulary(vocabulary);

/** Tokens of the texts themselves with what the source has at their ranges. */
function pieces(encoding: Encoding, text: string): [token: string, source: string][] {
  return encoding.tokens.map((token, index) => [
    token,
    text.slice(encoding.ranges[2 * index], encoding.ranges[2 * index + 1]),
  ]);
}

const inside = (text: string, tokenizer = uncased) => pieces(tokenizer.encode(text, { addSpecialTokens: false }), text);

describe("BertTokenizer.encode", () => {
  test("gives ids, tokens and ranges, special tokens round them", () => {
    const encoding = uncased.encode("Unaffable a.");
    expect(encoding.tokens).toEqual(["[CLS]", "un", "##aff", "##able", "a", ".", "[SEP]"]);
    expect(Array.from(encoding.ids)).toEqual([2, 8, 9, 10, 5, 19, 3]);
    expect(Array.from(encoding.ranges)).toEqual([0, 0, 0, 2, 2, 5, 5, 9, 10, 11, 11, 12, 0, 0]);
    expect(Array.from(encoding.wordIds)).toEqual([-1, 0, 0, 0, 1, 2, -1]);
    expect(Array.from(encoding.specialMask)).toEqual([1, 0, 0, 0, 0, 0, 1]);
    expect(encoding).toMatchObject({ length: 7, truncated: false });
  });

  test("puts a pair into one sequence with two types", () => {
    const encoding = uncased.encode("a", { pair: "b c" });
    expect(encoding.tokens).toEqual(["[CLS]", "a", "[SEP]", "b", "c", "[SEP]"]);
    expect(Array.from(encoding.typeIds)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(Array.from(encoding.sequenceIds)).toEqual([-1, 0, -1, 1, 1, -1]);
    expect(Array.from(encoding.ranges.subarray(6, 10))).toEqual([0, 1, 2, 3]);
    expect(uncased.encode("a", { pair: "" }).tokens).toEqual(["[CLS]", "a", "[SEP]", "[SEP]"]);
  });

  test("keeps the range of what normalisation changes, removes or isolates", () => {
    expect(inside("Café")).toEqual([["cafe", "Café"]]);
    expect(inside("cafe\u0301 a")).toEqual([
      ["cafe", "cafe"],
      ["a", "a"],
    ]);
    expect(inside("ca\u200bfe")).toEqual([["cafe", "ca\u200bfe"]]);
    expect(inside("\ufeffa世b")).toEqual([
      ["a", "a"],
      ["世", "世"],
      ["b", "b"],
    ]);
    expect(inside("Straße")).toEqual([["straße", "Straße"]]);
    expect(inside("İ a")).toEqual([
      ["i", "İ"],
      ["a", "a"],
    ]);
    expect(inside("don't!")).toEqual([
      ["don", "don"],
      ["'", "'"],
      ["t", "t"],
      ["!", "!"],
    ]);
  });

  test("counts UTF-16 units: an emoji before a token moves it by two", () => {
    expect(Array.from(uncased.encode("😀 a", { addSpecialTokens: false }).ranges)).toEqual([0, 2, 3, 4]);
  });

  test("knows special tokens in the text, not in other cases, and as words with the google reference", () => {
    expect(inside("a[MASK]b")).toEqual([
      ["a", "a"],
      ["[MASK]", "[MASK]"],
      ["b", "b"],
    ]);
    expect(Array.from(uncased.encode("[MASK]").specialMask)).toEqual([1, 0, 1]);
    expect(inside("[mask]").map(([token]) => token)).toEqual(["[UNK]", "[UNK]", "[UNK]"]);
    const google = BertTokenizer.fromVocabulary(vocabulary, { reference: "google" });
    expect(inside("[MASK]", google)).toHaveLength(3);
  });

  test.each([
    ["nothing", ""],
    ["white space", " \t\r\n\u00a0\u3000\u2028"],
    ["NUL", "\0\0"],
    ["a replacement character", "\ufffd"],
    ["a lone surrogate", "\ud800"],
  ])("gives %s no tokens", (_, text) => {
    expect(uncased.encode(text).tokens).toEqual(["[CLS]", "[SEP]"]);
    expect(uncased.encode(text, { addSpecialTokens: false }).length).toBe(0);
  });

  test("drops lone surrogates and NUL within a text, and the ranges are right after them", () => {
    expect(inside("\udc00a \ud800b\0 c")).toEqual([
      ["a", "a"],
      ["b", "b"],
      ["c", "c"],
    ]);
    expect(inside("\ud83d\ude00\ud83d a")).toEqual([
      ["[UNK]", "😀"],
      ["a", "a"],
    ]);
  });

  test("reads 100,000 words, and a word of a million characters as one unknown token", () => {
    expect(uncased.encode("a ".repeat(100_000)).length).toBe(100_002);
    const word = uncased.encode("a".repeat(1_000_000));
    expect(word.tokens).toEqual(["[CLS]", "[UNK]", "[SEP]"]);
    expect(Array.from(word.ranges)).toEqual([0, 0, 0, 1_000_000, 0, 0]);
    expect(uncased.encode("é".repeat(1_000_000)).length).toBe(3);
    expect(uncased.encode("世".repeat(100_000)).length).toBe(100_002);
  });

  test("lets a word have 100 code points with Hugging Face, 200 with Google", () => {
    const google = BertTokenizer.fromVocabulary(vocabulary, { reference: "google" });
    expect(uncased.encode("a".repeat(100)).length).toBe(102);
    expect(uncased.encode("a".repeat(101)).length).toBe(3);
    expect(google.encode("a".repeat(200)).length).toBe(202);
    expect(google.encode("a".repeat(201)).length).toBe(3);
  });

  test("cuts to a maximum length at either end and says so", () => {
    const cut = uncased.encode("a b c", { maxLength: 4 });
    expect(cut).toMatchObject({ tokens: ["[CLS]", "a", "b", "[SEP]"], truncated: true });
    expect(uncased.encode("a b c", { maxLength: 4, truncationSide: "left" }).tokens).toEqual([
      "[CLS]",
      "b",
      "c",
      "[SEP]",
    ]);
    expect(uncased.encode("a b c", { maxLength: 5 }).truncated).toBe(false);
    expect(uncased.encode("a b c", { maxLength: 2 }).tokens).toEqual(["[CLS]", "[SEP]"]);
    const pair = uncased.encode("a b c", { pair: "a b c", maxLength: 6 });
    expect(pair.tokens).toEqual(["[CLS]", "a", "[SEP]", "a", "b", "[SEP]"]);
    expect(uncased.encode("a b c", { pair: "a", maxLength: 5, truncation: "only_first" }).tokens).toHaveLength(5);
  });

  test("refuses what cannot be: no room for special tokens, a length that is none, a text that is none", () => {
    const code = (code: string) => expect.objectContaining({ name: "TokenizerError", code });
    expect(() => uncased.encode("a", { maxLength: 1 })).toThrow(code("maximum_too_short"));
    expect(() => uncased.encode("a", { pair: "b", maxLength: 2 })).toThrow(code("maximum_too_short"));
    expect(() => uncased.encode("a", { maxLength: 2.5 })).toThrow(code("invalid_option"));
    expect(() => uncased.encode("a", { maxLength: -1 })).toThrow(code("invalid_option"));
    expect(() => uncased.encode(undefined as unknown as string)).toThrow(code("invalid_option"));
  });

  test("an encoding does not change when the next text is encoded", () => {
    const first = uncased.encode("a b");
    uncased.encode("c c c c");
    expect(first.tokens).toEqual(["[CLS]", "a", "b", "[SEP]"]);
    expect(Array.from(first.ranges)).toEqual([0, 0, 0, 1, 2, 3, 0, 0]);
  });
});

describe("BertTokenizer.decode", () => {
  test("joins pieces to words and takes spaces from before punctuation, if asked", () => {
    const { ids } = uncased.encode("unaffable a!");
    expect(uncased.decode(ids)).toBe("[CLS] unaffable a! [SEP]");
    expect(uncased.decode(ids, { skipSpecialTokens: true })).toBe("unaffable a!");
    expect(uncased.decode(ids, { skipSpecialTokens: true, cleanUp: false })).toBe("unaffable a !");
  });

  test("ids beyond the vocabulary stand for nothing, what is no id is an error", () => {
    expect(uncased.decode([5, 30_000])).toBe("a");
    expect(() => uncased.decode([-1])).toThrow(expect.objectContaining({ code: "invalid_option" }));
    expect(() => uncased.decode([0.5])).toThrow(expect.objectContaining({ code: "invalid_option" }));
  });
});
