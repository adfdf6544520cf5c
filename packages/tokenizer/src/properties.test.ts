import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BertTokenizer } from "./bert-tokenizer.js";
import { packEncodings } from "./pack.js";
import { bertNormalization, references } from "./reference.js";
import { textOf, wholeSpan } from "./span.js";

const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789"];
const marks = [..."!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"];
const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...letters, ...letters.map((letter) => `##${letter}`)]
  .concat(marks, ["the", "##ing", "é", "世", "σ", "ς"])
  .join("\n");
const tokenizers = [true, false].flatMap((lowerCase) =>
  (["hugging-face", "google"] as const).map((reference) =>
    BertTokenizer.fromVocabulary(vocabulary, { lowerCase, reference }),
  ),
);
const tokenizer = tokenizers[0] as BertTokenizer;

/** Any units at all, whole characters, and mixes of what stages care about. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: fc.constantFrom(..."aZ é\u0301\u200bİΣ世𠀀😀\u302e\u{1d165}\u1e05가ﬁ[]\t.", "[MASK]", "\ud800") }),
);

describe("for any text", () => {
  test("encode never throws, ranges lie in the source and never go back", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...tokenizers), (text, tokenizer) => {
        const { ids, ranges, wordIds } = tokenizer.encode(text, { addSpecialTokens: false });
        let start = 0;
        for (let token = 0; token < ids.length; token++) {
          const [from = -1, to = -1] = ranges.subarray(2 * token);
          expect(from).toBeGreaterThanOrEqual(start);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(text.length);
          expect(tokenizer.vocabulary.token(ids[token] as number)).toBeDefined();
          const step = (wordIds[token] as number) - (token === 0 ? -1 : (wordIds[token - 1] as number));
          expect(step === 1 || (step === 0 && token > 0)).toBe(true);
          start = from;
        }
      }),
    );
  });

  test("cutting at the end gives the beginning of what is not cut", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 12 }), (text, maxLength) => {
        const whole = tokenizer.encode(text, { addSpecialTokens: false });
        const cut = tokenizer.encode(text, { maxLength });
        expect(Array.from(cut.ids.subarray(1, -1))).toEqual(Array.from(whole.ids.subarray(0, maxLength - 2)));
        expect(cut.truncated).toBe(whole.length > maxLength - 2);
      }),
    );
  });

  test("each stage's spans follow each other in the source", () => {
    const options = { cleanText: true, isolateCjk: true, stripAccents: true, lowerCase: true };
    const stages = Object.values(references).map((reference) => bertNormalization(options, reference));
    fc.assert(
      fc.property(anyText, fc.constantFrom(...stages), (text, stages) => {
        let spans: readonly { text: string; start: number; end: number }[] = [wholeSpan(text)];
        for (const stage of stages) {
          spans = stage(spans);
          let last = 0;
          for (const { text: part, start, end } of spans) {
            expect(part).not.toBe("");
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeLessThanOrEqual(text.length);
            last = start;
          }
        }
      }),
    );
  });
});

describe("for ASCII text", () => {
  test("tokens are the source at their range, in lower case", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...letters, ...marks, "A", "Q", " ", "\n", "\0") }), (text) => {
        const { tokens, ranges, length } = tokenizer.encode(text, { addSpecialTokens: false });
        for (let token = 0; token < length; token++) {
          const piece = text.slice(ranges[2 * token], ranges[2 * token + 1]).replaceAll("\0", "");
          if (tokens[token] === "[UNK]" || tokens[token] === piece) continue;
          expect((tokens[token] as string).replace(/^##(?=.)/, "")).toBe(piece.toLowerCase());
        }
      }),
    );
  });

  test("the whole of a span at once gives what one character after the other gives", () => {
    const options = { cleanText: true, isolateCjk: true, stripAccents: true, lowerCase: true };
    for (const reference of Object.values(references)) {
      for (const stage of bertNormalization(options, reference)) {
        fc.assert(
          fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
            // A letter that is no ASCII sends the text the long way round.
            const plain = textOf(stage([wholeSpan(text)]));
            expect(textOf(stage([wholeSpan(`${text}ж`)]))).toBe(`${plain}ж`);
          }),
        );
      }
    }
  });
});

describe("packing", () => {
  test("lays sequences end to end, with positions from 0 in each", () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 6 }), (texts) => {
        const encodings = texts.map((text) => tokenizer.encode(text, { pair: text }));
        const { ids, typeIds, positions, offsets } = packEncodings(encodings);
        expect(offsets).toHaveLength(texts.length + 1);
        expect([typeIds.length, positions.length, offsets.at(-1)]).toEqual([ids.length, ids.length, ids.length]);
        encodings.forEach((encoding, sequence) => {
          const [from, to] = offsets.subarray(sequence) as unknown as [number, number];
          expect(ids.subarray(from, to)).toEqual(encoding.ids);
          expect(typeIds.subarray(from, to)).toEqual(encoding.typeIds);
          expect(Array.from(positions.subarray(from, to))).toEqual(Array.from(encoding.ids, (_, position) => position));
        });
      }),
    );
  });
});
