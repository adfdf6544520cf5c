import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { BertTokenizer } from "./bert-tokenizer.js";
import type { FitOptions } from "./encode-options.js";
import type { Encoding } from "./encoding.js";
import { type PaddingOptions, padEncodings } from "./padding.js";
import { codePointRanges } from "./source-ranges.js";
import { TokenizerError } from "./tokenizer-error.js";
import type { Truncation } from "./truncation.js";
import { encodeWindows } from "./windows.js";

type Text = string | readonly string[];

/** What transformers gives for one sequence. */
interface Output {
  readonly ids: number[];
  readonly types: number[];
  readonly mask: number[];
  readonly special: number[];
  readonly offsets: [number, number][];
  readonly offsets16?: [number, number][];
  readonly words: (number | null)[];
  readonly seqs: (number | null)[];
}

interface EncodeRecord {
  readonly group: string;
  readonly tokenizer: string;
  readonly a: string | string[] | string[][];
  readonly b?: string | string[] | string[][] | null;
  readonly options: {
    readonly truncation?: Truncation | true;
    readonly max_length?: number;
    readonly stride?: number;
    readonly truncation_side: "left" | "right";
    readonly padding_side: "left" | "right";
    readonly padding?: boolean | "longest" | "max_length";
    readonly pad_to_multiple_of?: number;
    readonly add_special_tokens?: boolean;
    readonly is_split_into_words?: boolean;
    readonly return_overflowing_tokens?: boolean;
  };
  readonly quirk?: string;
  /** For each output the text that it is of. */
  readonly sample?: number[];
  readonly out?: Output[];
  readonly error?: unknown;
}

const made = new Map<string, BertTokenizer>();

function tokenizerOf(name: string): BertTokenizer {
  const file = `bert-base-${name === "multilingual" ? "multilingual-cased" : name}-vocab.txt`;
  const tokenizer =
    made.get(name) ??
    BertTokenizer.fromVocabulary(readFileSync(dataPath("vocab", file), "utf8"), { lowerCase: name === "uncased" });
  made.set(name, tokenizer);
  return tokenizer;
}

const records = (): EncodeRecord[] =>
  gunzipSync(readFileSync(dataPath("tokenizer-goldens", "encode.jsonl.gz")))
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line) as EncodeRecord);

/** The texts of a record, one after the other, whether it is one text, words of one, or a list of either. */
function textsOf(given: EncodeRecord["b"], { is_split_into_words: words }: EncodeRecord["options"]): Text[] {
  if (given === undefined || given === null) return [];
  if (typeof given === "string") return [given];
  return words && !Array.isArray(given[0]) ? [given as string[]] : [...given];
}

/** All encodings of a record with the texts that each is of. */
function encodingsOf({ tokenizer: name, a, b, options }: EncodeRecord): { encoding: Encoding; texts: Text[] }[] {
  const tokenizer = tokenizerOf(name);
  const seconds = textsOf(b, options);
  const fit: FitOptions = {
    maxLength: options.truncation ? options.max_length : undefined,
    truncation: options.truncation === true ? undefined : options.truncation,
    truncationSide: options.truncation_side,
    addSpecialTokens: options.add_special_tokens,
  };
  return textsOf(a, options).flatMap((text, index) => {
    const pair = seconds[index];
    const texts = pair === undefined ? [text] : [text, pair];
    return encode(tokenizer, texts, { fit, options }).map((encoding) => ({ encoding, texts }));
  });
}

function encode(
  tokenizer: BertTokenizer,
  [text, pair]: readonly Text[],
  { fit, options }: { fit: FitOptions; options: EncodeRecord["options"] },
): Encoding[] {
  if (options.return_overflowing_tokens) {
    const { stride } = options;
    const maxLength = options.max_length as number;
    return [...encodeWindows(tokenizer, text as Text, { ...fit, pair, maxLength, stride })];
  }
  return options.is_split_into_words
    ? [tokenizer.encodeWords(text as string[], { ...fit, pair: pair as string[] | undefined })]
    : [tokenizer.encode(text as string, { ...fit, pair: pair as string | undefined })];
}

const flat = ({ ids, typeIds, ranges, wordIds, sequenceIds, specialMask }: Encoding) => ({
  ids: [...ids],
  types: [...typeIds],
  special: [...specialMask],
  ranges: [...ranges],
  words: [...wordIds],
  seqs: [...sequenceIds],
});

/** What a row should be without its padding. */
function wanted({ mask, ids, types, special, offsets, offsets16, words, seqs }: Output) {
  const kept = <Value>(values: readonly Value[]): Value[] => values.filter((_, token) => mask[token] === 1);
  return {
    ids: kept(ids),
    types: kept(types),
    special: kept(special),
    ranges: kept(offsets16 ?? offsets).flat(),
    words: kept(words).map((word) => word ?? -1),
    seqs: kept(seqs).map((sequence) => sequence ?? -1),
  };
}

function paddingOf({ padding, max_length, pad_to_multiple_of, padding_side }: EncodeRecord["options"]): PaddingOptions {
  const length = padding === "max_length" ? max_length : "longest";
  return { length, multipleOf: pad_to_multiple_of, side: padding_side };
}

describeWithData("tokenizer-goldens/encode.jsonl.gz", "every way to encode, as transformers does", () => {
  const all = records();
  const sensible = all.filter(({ quirk, error }) => quirk === undefined && error === undefined);

  test("pairs, batches, truncation, windows, padding and split words have its ids, types, ranges and words", () => {
    for (const record of sensible) {
      const found = encodingsOf(record);
      expect({ record, found: found.map(({ encoding }) => flat(encoding)) }).toEqual({
        record,
        found: record.out?.map(wanted),
      });
      if (record.sample !== undefined) expect(found).toHaveLength(record.sample.length);
    }
    expect(sensible).toHaveLength(333);
  });

  test("ranges in code points are its offsets", () => {
    for (const record of sensible) {
      encodingsOf(record).forEach(({ encoding, texts: [text, pair] }, index) => {
        const { offsets, mask } = (record.out as Output[])[index] as Output;
        expect([...codePointRanges(encoding, text as Text, pair)]).toEqual(
          offsets.filter((_, token) => mask[token] === 1).flat(),
        );
      });
    }
  });

  test("padded rows are its arrays; rows that would differ in length are an error", () => {
    const padded = sensible.filter(({ options }) => options.padding);
    let ragged = 0;
    for (const record of padded) {
      const encodings = encodingsOf(record).map(({ encoding }) => encoding);
      const out = record.out as Output[];
      const length = (out[0] as Output).ids.length;
      if (out.some(({ ids }) => ids.length !== length)) {
        ragged++;
        expect(() => padEncodings(encodings, paddingOf(record.options))).toThrow(TokenizerError);
        continue;
      }
      const { ids, typeIds, attentionMask, ...batch } = padEncodings(encodings, paddingOf(record.options));
      expect(batch).toEqual({ sequences: out.length, length });
      expect([...ids]).toEqual(out.flatMap(({ ids }) => ids));
      expect([...typeIds]).toEqual(out.flatMap(({ types }) => types));
      expect([...attentionMask]).toEqual(out.flatMap(({ mask }) => mask));
    }
    expect([padded.length, ragged]).toEqual([44, 2]);
  });

  test("what fails there fails here", () => {
    const failing = all.filter(({ error }) => error !== undefined);
    for (const record of failing) expect(() => encodingsOf(record)).toThrow(TokenizerError);
    expect(failing).toHaveLength(84);
  });

  describe("where its answer is not worth copying", () => {
    test("a maximum without room for the special tokens is an error", () => {
      const rows = all.filter(({ quirk }) => quirk?.startsWith("max_length below"));
      for (const record of rows) expect(() => encodingsOf(record)).toThrow(TokenizerError);
      expect(rows).toHaveLength(34);
    });

    test("a pair whose second text is empty is a pair", () => {
      const rows = all.filter(({ quirk }) => quirk?.startsWith("transformers takes an empty second"));
      for (const record of rows) {
        const [found] = encodingsOf(record);
        const [output] = record.out as [Output];
        expect([...(found as { encoding: Encoding }).encoding.ids]).toEqual([...output.ids, 102]);
      }
      expect(rows).toHaveLength(4);
    });
  });
});
