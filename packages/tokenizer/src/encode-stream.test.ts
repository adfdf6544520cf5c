import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { AddedToken } from "./added-tokens.js";
import { BertTokenizer } from "./bert-tokenizer.js";
import { encodeStream, type StreamedTokens, type StreamOptions } from "./encode-stream.js";
import { jsonObject } from "./json-reader.js";
import { readPart } from "./part.js";
import { references } from "./reference.js";
import { everyPart } from "./tokenizer-parts.js";

const letters = [..."abcfilnrstxαςσе世中"];
const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...letters, ...letters.map((letter) => `##${letter}`)]
  .concat([..."!,.:-_[]。'"], ["ᄀ", "##ᅡ", "é"])
  .join("\n");
const uncased = BertTokenizer.fromVocabulary(vocabulary, { lowerCase: true });

const added = (content: string, flags: Partial<AddedToken> = {}): AddedToken => ({
  content,
  id: 1000 + content.length + 10 * (content.codePointAt(0) as number),
  special: false,
  normalized: false,
  singleWord: false,
  stripLeft: false,
  stripRight: false,
  ...flags,
});

const withAdded = (...tokens: AddedToken[]): BertTokenizer =>
  new BertTokenizer({ ...uncased.settings, addedTokens: [...uncased.settings.addedTokens, ...tokens] });

/** The lower-case tokenizer with other parts in the place of BERT's, as a tokenizer.json spells them. */
function withParts(normalizer: object, preTokenizer: object): BertTokenizer {
  const reference = references["hugging-face"];
  const { normalizers = [], preTokenizers = [] } = everyPart;
  return new BertTokenizer({
    ...uncased.settings,
    normalizer: readPart(jsonObject(normalizer, "normalizer"), { parts: normalizers, reference }),
    preTokenizer: readPart(jsonObject(preTokenizer, "pre_tokenizer"), { parts: preTokenizers, reference }),
  });
}

const tokenizers = {
  "lower case": uncased,
  "as it is": BertTokenizer.fromVocabulary(vocabulary, { lowerCase: false }),
  "google's": BertTokenizer.fromVocabulary(vocabulary, { lowerCase: true, reference: "google" }),
  "other parts": withParts(
    { type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "Lowercase" }, { type: "StripAccents" }] },
    { type: "Sequence", pretokenizers: [{ type: "Whitespace" }, { type: "Digits", individual_digits: true }] },
  ),
  "tokens that take white space": withAdded(
    added("ab", { stripRight: true, normalized: true }),
    added("cn", { stripLeft: true }),
  ),
  "tokens that stand alone": withAdded(added("ab", { singleWord: true }), added("中x", { singleWord: true })),
  "tokens with white space": withAdded(
    added("a b", { singleWord: true, normalized: true }),
    added("b c", { normalized: true }),
  ),
  "tokens with ideographs": withAdded(added("中世", { normalized: true }), added("世,", { normalized: false })),
  "tokens with punctuation": withAdded(
    added("a-b", { normalized: true, singleWord: true }),
    added("≠", { normalized: true }),
  ),
};

const anyDocument = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        ..."abcnx ",
        "b c",
        "\r\n",
        "\n",
        "\t",
        " ",
        "\u3000",
        "\u00a0",
        "\u200b",
        "ab",
        "a b",
        "中世",
        "a-b",
      ),
      fc.constantFrom(..."ΑαΣσΧе世中𠀀😀가é,.:-_=≠'。", "\u0301", "\u0323", "\u0338", "\ud800", "\udc00", "[MASK]"),
    ),
    maxLength: 60,
  }),
);

/** A document with the places where it is cut into parts. */
const cutDocument = anyDocument.chain((text) =>
  fc.record({ text: fc.constant(text), cuts: fc.array(fc.nat(text.length), { maxLength: 8 }) }),
);

function partsOf({ text, cuts }: { text: string; cuts: number[] }): string[] {
  const places = [0, ...cuts, text.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => text.slice(places[index], place));
}

async function streamed(tokenizer: BertTokenizer, parts: string[], options?: StreamOptions) {
  const pieces: StreamedTokens[] = [];
  for await (const piece of encodeStream(tokenizer, parts, options)) pieces.push(piece);
  return {
    pieces: pieces.length,
    ids: pieces.flatMap(({ ids }) => [...ids]),
    ranges: pieces.flatMap(({ ranges }) => [...ranges]),
    wordIds: pieces.flatMap(({ wordIds }) => [...wordIds]),
  };
}

function whole(tokenizer: BertTokenizer, text: string) {
  const { ids, ranges, wordIds } = tokenizer.encode(text, { addSpecialTokens: false });
  return { ids: [...ids], ranges: [...ranges], wordIds: [...wordIds] };
}

describe("encodeStream", () => {
  test("gives tokens piece by piece, counted in the whole document", async () => {
    const pieces: StreamedTokens[] = [];
    for await (const piece of encodeStream(uncased, ["ab a", "b\r", "\nab 中"], { pieceLength: 4 })) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    const { ranges, wordIds } = pieces.at(-1) as StreamedTokens;
    expect([...ranges.subarray(-2)]).toEqual([10, 11]);
    expect(wordIds.at(-1)).toBe(3);
    expect(await streamed(uncased, ["ab a", "b\r", "\nab 中"])).toMatchObject(whole(uncased, "ab ab\r\nab 中"));
  });

  describe("gives a document cut anywhere, inside surrogate pairs, CR LF and combining sequences too, the tokens of the whole", () => {
    test.each(Object.entries(tokenizers))("%s", async (_, tokenizer) => {
      await fc.assert(
        fc.asyncProperty(cutDocument, fc.integer({ min: 1, max: 12 }), async (document, pieceLength) => {
          const { pieces: _pieces, ...found } = await streamed(tokenizer, partsOf(document), { pieceLength });
          expect(found).toEqual(whole(tokenizer, document.text));
        }),
        { numRuns: 3000 },
      );
    });
  });

  test("a long document comes in pieces of the length asked for, whatever its parts", async () => {
    const english = "a cat sat in a bar ".repeat(5000);
    for (const parts of [[english], [...english]]) {
      const { pieces, ...found } = await streamed(uncased, parts, { pieceLength: 1000 });
      expect(pieces).toBeGreaterThanOrEqual(95);
      expect(found.ids).toHaveLength(whole(uncased, english).ids.length);
    }
    const { pieces } = await streamed(uncased, ["中世".repeat(50_000)], { pieceLength: 1000 });
    expect(pieces).toBeGreaterThanOrEqual(100);
  });

  test("a word of a million letters in parts of a hundred is one token and takes no time to speak of", async () => {
    const parts = Array.from({ length: 10_000 }, () => "a".repeat(100));
    const found = await streamed(uncased, [...parts, " b"], { pieceLength: 100 });
    expect(found.ids).toEqual([1, uncased.vocabulary.id("b")]);
    expect(found.ranges).toEqual([0, 1e6, 1e6 + 1, 1e6 + 2]);
  });

  test("an empty document has no tokens", async () => {
    expect(await streamed(uncased, [])).toEqual({ pieces: 0, ids: [], ranges: [], wordIds: [] });
    expect(await streamed(uncased, ["", ""])).toMatchObject({ pieces: 0 });
  });

  test("a tokenizer with parts that may look across white space is an error that names them", async () => {
    const replacing = withParts(
      { type: "Sequence", normalizers: [{ type: "NFC" }, { type: "Prepend", prepend: "a" }] },
      { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }] },
    );
    await expect(streamed(replacing, ["a"])).rejects.toThrow("encodeStream: Prepend may look across white space");
    const uncut = withParts({ type: "NFC" }, { type: "Digits", individual_digits: true });
    await expect(streamed(uncut, ["a"])).rejects.toMatchObject({ code: "unsupported" });
  });

  test("parts that are bytes and pieces of no length are errors", async () => {
    const bytes = [new Uint8Array(2)] as unknown as string[];
    await expect(streamed(uncased, bytes)).rejects.toMatchObject({ code: "invalid_option" });
    await expect(streamed(uncased, ["a"], { pieceLength: 0 })).rejects.toMatchObject({ code: "invalid_option" });
  });
});
