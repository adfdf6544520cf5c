import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BertTokenizer } from "./bert-tokenizer.js";
import { byteRanges, codePointRanges } from "./source-ranges.js";
import { encodeWindows } from "./windows.js";

const tokenizer = BertTokenizer.fromVocabulary("[UNK]\n[CLS]\n[SEP]\na\nb\né\n世\n😀", { lowerCase: false });

describe("ranges of an encoding", () => {
  test("in code points and in bytes are those of its texts", () => {
    const encoding = tokenizer.encode("😀 é世a", { pair: "世b" });
    expect([...encoding.ranges]).toEqual([0, 0, 0, 2, 3, 4, 4, 5, 5, 6, 0, 0, 0, 1, 1, 2, 0, 0]);
    expect([...codePointRanges(encoding, "😀 é世a", "世b")]).toEqual([
      0, 0, 0, 1, 2, 3, 3, 4, 4, 5, 0, 0, 0, 1, 1, 2, 0, 0,
    ]);
    expect([...byteRanges(encoding, "😀 é世a", "世b")]).toEqual([
      0, 0, 0, 4, 5, 7, 7, 10, 10, 11, 0, 0, 0, 3, 3, 4, 0, 0,
    ]);
  });

  test("of words that were split before are those inside each word", () => {
    const words = ["😀a", "世 b", "a"];
    const encoding = tokenizer.encodeWords(words, { addSpecialTokens: false });
    expect([...encoding.ranges]).toEqual([0, 3, 0, 1, 2, 3, 0, 1]);
    expect([...codePointRanges(encoding, words)]).toEqual([0, 2, 0, 1, 2, 3, 0, 1]);
    expect([...byteRanges(encoding, words)]).toEqual([0, 5, 0, 3, 4, 5, 0, 1]);
  });

  test("are those of the text up to there, for any text and from whichever end the windows begin", () => {
    const unit = fc.constantFrom(..."aé世😀 ", "\ud800", "\udc00");
    fc.assert(
      fc.property(fc.string({ unit }), fc.constantFrom("left" as const, "right" as const), (text, truncationSide) => {
        for (const window of encodeWindows(tokenizer, text, { maxLength: 4, stride: 1, truncationSide })) {
          const before = Array.from(window.ranges, (end) => text.slice(0, end));
          expect([...codePointRanges(window, text)]).toEqual(before.map((part) => [...part].length));
          expect([...byteRanges(window, text)]).toEqual(before.map((part) => new TextEncoder().encode(part).length));
        }
      }),
      { numRuns: 3000 },
    );
  });
});
