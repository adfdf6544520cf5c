import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BertTokenizer } from "./bert-tokenizer.js";

const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789éаяσ"];
const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...letters, ...letters.map((letter) => `##${letter}`)]
  .concat([..."!\"#$%&'()*+,-./:;<=>?@[]世界😀𠀀"], ["the", "##ing", "ᄀ", "##ᅡ", "i", "##̇"])
  .join("\n");
const tokenizers = [true, false].map((lowerCase) => BertTokenizer.fromVocabulary(vocabulary, { lowerCase }));

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(
      ..."aZ éİΣ世𠀀😀가ﬁ[]'\t.",
      "\u0301",
      "\u{1d165}",
      "\ud800",
      "\udc00",
      "[MASK]",
      "[UNK]",
      "thing",
    ),
    maxLength: 40,
  }),
);
const anyTokenizer = fc.constantFrom(...tokenizers);
const runs = { numRuns: 10_000 };

describe("for any text", () => {
  test("ranges lie in it, in order, and no surrogate pair is cut in half", () => {
    fc.assert(
      fc.property(anyText, anyTokenizer, (text, tokenizer) => {
        const { ranges, length } = tokenizer.encode(text, { addSpecialTokens: false });
        for (let token = 0; token < length; token++) {
          const [start, end] = ranges.subarray(2 * token) as unknown as [number, number];
          if (start < (token === 0 ? 0 : (ranges[2 * token - 2] as number)) || end <= start || end > text.length) {
            throw new Error(`token ${token} of ${length} has ${start} to ${end}`);
          }
          if (isInsidePair(text, start) || isInsidePair(text, end)) throw new Error(`half a pair: ${start}, ${end}`);
        }
      }),
      runs,
    );
  });

  test("a decoded text has the ids that it was decoded from", () => {
    fc.assert(
      fc.property(anyText, anyTokenizer, fc.boolean(), (text, tokenizer, cleanUp) => {
        const { ids } = tokenizer.encode(text, { addSpecialTokens: false });
        const again = tokenizer.encode(tokenizer.decode(ids, { cleanUp }), { addSpecialTokens: false });
        expect([...again.ids]).toEqual([...ids]);
      }),
      runs,
    );
  });

  test("tokens are counted as encode gives them", () => {
    fc.assert(
      fc.property(anyText, fc.option(anyText, { nil: undefined }), fc.boolean(), (text, pair, addSpecialTokens) => {
        const [tokenizer] = tokenizers as [BertTokenizer];
        const options = { pair, addSpecialTokens };
        expect(tokenizer.countTokens(text, options)).toBe(tokenizer.encode(text, options).length);
      }),
      runs,
    );
  });

  test("the ids alone are those of the encoding", () => {
    const settings = fc.record(
      {
        pair: anyText,
        maxLength: fc.integer({ min: 3, max: 12 }),
        truncationSide: fc.constantFrom("left" as const, "right" as const),
        addSpecialTokens: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyText, settings, anyTokenizer, (text, options, tokenizer) => {
        expect(tokenizer.encodeIds(text, options)).toEqual(tokenizer.encode(text, options).ids);
      }),
      runs,
    );
  });

  test("words that were split before have the tokens that each has alone", () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 6 }), anyTokenizer, (words, tokenizer) => {
        const together = tokenizer.encodeWords(words, { addSpecialTokens: false });
        const alone = words.map((word) => tokenizer.encode(word, { addSpecialTokens: false }));
        expect([...together.ids]).toEqual(alone.flatMap(({ ids }) => [...ids]));
        expect([...together.ranges]).toEqual(alone.flatMap(({ ranges }) => [...ranges]));
        expect([...together.wordIds]).toEqual(alone.flatMap(({ ids }, word) => Array.from(ids, () => word)));
      }),
      runs,
    );
  });

  test("a batch has the encodings of its texts, pairs too", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anyText, fc.tuple(anyText, anyText)), { maxLength: 4 }),
        anyTokenizer,
        (texts, tokenizer) => {
          const batch = tokenizer.encodeBatch(texts, { maxLength: 12 });
          const alone = texts.map((given) => {
            const [text, pair] = typeof given === "string" ? [given] : given;
            return tokenizer.encode(text, { pair, maxLength: 12 });
          });
          expect(batch.map(({ ids }) => [...ids])).toEqual(alone.map(({ ids }) => [...ids]));
        },
      ),
    );
  });
});

test("words given as a text are an error", () => {
  const [tokenizer] = tokenizers as [BertTokenizer];
  const words = "a b" as unknown as string[];
  expect(() => tokenizer.encodeWords(words)).toThrow("wanted arrays of words");
  expect(() => tokenizer.encodeWords([3 as unknown as string])).toThrow("wanted a string, not number");
});

function isInsidePair(text: string, at: number): boolean {
  return at > 0 && at < text.length && (text.codePointAt(at - 1) as number) > 0xffff;
}
