import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BertTokenizer } from "./bert-tokenizer.js";
import { type ChunkOptions, chunk } from "./chunk.js";

const letters = [..."abcdefghijklmnopqrstuvwxyzσς今天好"];
const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...letters, ...letters.map((letter) => `##${letter}`)]
  .concat([..."!,.:-?。"], ["one", "two", "three", "four", "five", "##able", "un", "##aff", "ᄀ", "##ᅡ"])
  .join("\n");
const tokenizer = BertTokenizer.fromVocabulary(vocabulary, { lowerCase: true });

const chunks = (text: string, options: ChunkOptions): string[] =>
  chunk(tokenizer, text, options).map(({ start, end }) => text.slice(start, end));

describe("chunk", () => {
  test("puts as many whole sentences into a chunk as fit", () => {
    expect(chunks("One two. Three! Four five? One.", { maxTokens: 8 })).toEqual([
      "One two. Three! ",
      "Four five? One.",
    ]);
    expect(chunk(tokenizer, "One two. Three! Four.", { maxTokens: 8 })).toEqual([
      { start: 0, end: 16, tokens: 7 },
      { start: 16, end: 21, tokens: 4 },
    ]);
  });

  test("cuts a sentence that is too long between words, a word that is too long between tokens", () => {
    expect(chunks("One. One two three four five. Two.", { maxTokens: 6 })).toEqual([
      "One. ",
      "One two three four ",
      "five. Two.",
    ]);
    expect(chunks("unaffable", { maxTokens: 7 })).toEqual(["unaffable"]);
    expect(chunks("unaffaffaff", { maxTokens: 5 })).toEqual(["unaffaff", "aff"]);
    expect(() => chunks("unaffaff", { maxTokens: 4 })).toThrow('no room for "aff" by itself');
  });

  test("by words or tokens ends where the room does", () => {
    expect(chunks("One. Two three unaffable", { maxTokens: 6, by: "word" })).toEqual(["One. Two three ", "unaffable"]);
    expect(chunks("One. Two three unaffable", { maxTokens: 7, by: "token" })).toEqual(["One. Two three un", "affable"]);
  });

  test("keeps punctuation with its word, and cuts between ideographs", () => {
    expect(chunks("one two, three, four", { maxTokens: 4, by: "word" })).toEqual(["one ", "two, ", "three, ", "four"]);
    expect(chunks("今天好今天。好", { maxTokens: 5 })).toEqual(["今天好", "今天。", "好"]);
  });

  test("repeats whole sentences or words of the chunk before, where there is room beside something new", () => {
    expect(chunks("One two. Three. Four. Five.", { maxTokens: 8, overlap: 3 })).toEqual([
      "One two. Three. ",
      "Three. Four. Five.",
    ]);
    expect(chunks("one two three four five", { maxTokens: 5, overlap: 1 })).toEqual([
      "one two three ",
      "three four five",
    ]);
    expect(chunks("One. Two three four five.", { maxTokens: 7, overlap: 2 })).toEqual([
      "One. ",
      "Two three four five.",
    ]);
  });

  test("white space between chunks is at the end of the first", () => {
    expect(chunks("  one.\n\n  two.  ", { maxTokens: 4 })).toEqual(["  one.\n\n  ", "two.  "]);
    expect(chunks(" \n", { maxTokens: 4 })).toEqual([]);
    expect(chunks("", { maxTokens: 4 })).toEqual([]);
  });

  test("limits that leave no room are errors", () => {
    const invalid = expect.objectContaining({ code: "invalid_option" });
    const short = expect.objectContaining({ code: "maximum_too_short" });
    expect(() => chunks("one", { maxTokens: 2 })).toThrow(short);
    expect(() => chunks("one", { maxTokens: 4, overlap: 2 })).toThrow(invalid);
    expect(() => chunks("one", { maxTokens: 4, overlap: -1 })).toThrow(invalid);
    expect(() => chunks("one", { maxTokens: 4.5 })).toThrow(invalid);
    expect(() => chunks("one", { maxTokens: 4, by: "line" as "word" })).toThrow(invalid);
    expect(() => chunks("가", { maxTokens: 3 })).toThrow('no room for "가" by itself');
  });

  test("covers any text in order, no chunk too long, none cut in half a surrogate pair", () => {
    const unit = fc.constantFrom(..."abz .!?,。\n今天ΑΣ가😀", ". ", "One two. ", "unaffable", "\u0301", "\r\n");
    const settings = fc.record({
      text: fc.string({ unit, maxLength: 80 }),
      maxTokens: fc.integer({ min: 10, max: 24 }),
      overlap: fc.nat(7),
      by: fc.constantFrom("sentence" as const, "word" as const, "token" as const),
    });
    const google = BertTokenizer.fromVocabulary(vocabulary, { lowerCase: true, reference: "google" });
    fc.assert(
      fc.property(settings, fc.constantFrom(tokenizer, google), ({ text, ...options }, tokenizer) => {
        const found = chunk(tokenizer, text, options);
        if (found.length === 0) expect(tokenizer.countTokens(text, { addSpecialTokens: false })).toBe(0);
        else expect([found[0]?.start, found.at(-1)?.end]).toEqual([0, text.length]);
        found.forEach(({ start, end, tokens }, index) => {
          const piece = text.slice(start, end);
          expect(tokens).toBe(tokenizer.encode(piece).length);
          expect(tokens).toBeLessThanOrEqual(options.maxTokens);
          expect(piece).not.toMatch(/\p{Cs}/u);
          if (index === 0) return;
          const before = found[index - 1] as { start: number; end: number };
          expect(start).toBeGreaterThan(before.start);
          expect(end).toBeGreaterThan(before.end);
          expect(start).toBeLessThanOrEqual(before.end);
          if (options.overlap === 0) expect(start).toBe(before.end);
        });
      }),
      { numRuns: 10_000 },
    );
  });
});
