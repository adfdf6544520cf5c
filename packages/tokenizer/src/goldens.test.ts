import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { BertTokenizer } from "./bert-tokenizer.js";
import type { Encoding } from "./encoding.js";
import { bertNormalization, references } from "./reference.js";
import { type Span, wholeSpan } from "./span.js";
import { splitWords } from "./split-words.js";

const readText = (...path: string[]): string => readFileSync(dataPath(...path), "utf8");

/** The records of a gzipped JSON Lines file, without the header. */
function records<Row>(name: string): Row[] {
  const text = gunzipSync(readFileSync(dataPath("tokenizer-goldens", `${name}.jsonl.gz`))).toString("utf8");
  return text
    .split("\n")
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

const vocabularyNames = ["uncased", "cased", "chinese", "multilingual"] as const;
type VocabularyName = (typeof vocabularyNames)[number];
const made = new Map<string, BertTokenizer>();

/** A tokenizer with one of the four vocabularies, made once. */
function tokenizerOf(name: VocabularyName, reference: "hugging-face" | "google" = "hugging-face"): BertTokenizer {
  const key = `${name} ${reference}`;
  let tokenizer = made.get(key);
  if (tokenizer === undefined) {
    const file = `bert-base-${name === "multilingual" ? "multilingual-cased" : name}-vocab.txt`;
    tokenizer = BertTokenizer.fromVocabulary(readText("vocab", file), { lowerCase: name === "uncased", reference });
    made.set(key, tokenizer);
  }
  return tokenizer;
}

/** [ids, offsets, offsets in UTF-16 where they differ, words]; offsets and words as differences. */
type Packed = readonly [ids: number[], offsets: number[], offsets16: number[] | null, words: number[]];
interface TextRecord {
  readonly t: string;
  readonly e: Readonly<Record<VocabularyName, Packed>>;
}

/** What an encoding without special tokens should be, in the form that `found` gives. */
function wanted([ids, offsets, offsets16, words]: Packed) {
  let end = 0;
  const ranges = (offsets16 ?? offsets).map((step) => {
    end += step;
    return end;
  });
  let word = 0;
  const wordIds = words.map((step) => {
    word += step;
    return word;
  });
  return { ids, ranges, wordIds };
}

const found = ({ ids, ranges, wordIds }: Encoding) => ({
  ids: Array.from(ids),
  ranges: Array.from(ranges),
  wordIds: Array.from(wordIds),
});

/** What the reference gives with special tokens. */
interface Output {
  readonly ids: number[];
  readonly types: number[];
  readonly special: number[];
  readonly offsets: [number, number][];
  readonly offsets16?: [number, number][];
  readonly words: (number | null)[];
  readonly seqs: (number | null)[];
}

const asOutput = (encoding: Encoding) => ({
  ...found(encoding),
  types: Array.from(encoding.typeIds),
  special: Array.from(encoding.specialMask),
  sequences: Array.from(encoding.sequenceIds),
});

const wantedOutput = ({ ids, types, special, offsets, offsets16, words, seqs }: Output) => ({
  ids,
  ranges: (offsets16 ?? offsets).flat(),
  wordIds: words.map((word) => word ?? -1),
  types,
  special,
  sequences: seqs.map((sequence) => sequence ?? -1),
});

describe("tokens, ranges and words are those of Hugging Face's tokenizers", () => {
  for (const [name, what] of [
    ["udhr", "the Universal Declaration of Human Rights in 532 languages"],
    ["naughty", "the big list of naughty strings"],
    ["emoji", "every emoji"],
    ["normalization", "Unicode's normalisation test"],
    ["random", "seeded random mixes"],
  ] as const) {
    describeWithData(`tokenizer-goldens/${name}.jsonl.gz`, what, () => {
      test("in the four vocabularies", () => {
        const rows = records<TextRecord>(name);
        const different = vocabularyNames.flatMap((vocabulary) =>
          rows.filter(({ t, e }) => {
            const encoding = tokenizerOf(vocabulary).encode(t, { addSpecialTokens: false });
            return JSON.stringify(found(encoding)) !== JSON.stringify(wanted(e[vocabulary]));
          }),
        );
        expect(rows.length).toBeGreaterThan(500);
        expect(different.map(({ t }) => t)).toEqual([]);
      });
    });
  }
});

interface AddedRecord {
  readonly content: string;
  readonly id: number;
  readonly special: boolean;
  readonly normalized: boolean;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
}

describeWithData("tokenizer-goldens/special.jsonl.gz", "special and added tokens in the text", () => {
  test("are found, and decoded, as Hugging Face does, whatever their flags", () => {
    const tokenizers = new Map<string, BertTokenizer>();
    const rows = records<{
      tokenizer: VocabularyName;
      added: AddedRecord[];
      add_special_tokens: boolean;
      t: string;
      out: Output;
      decoded?: string;
      decoded_skip?: string;
    }>("special");
    for (const { tokenizer: name, added, add_special_tokens: addSpecialTokens, t, out, ...row } of rows) {
      const key = name + JSON.stringify(added);
      const tokenizer = tokenizers.get(key) ?? withAdded(tokenizerOf(name), added);
      tokenizers.set(key, tokenizer);
      expect({ t, ...asOutput(tokenizer.encode(t, { addSpecialTokens })) }).toEqual({ t, ...wantedOutput(out) });
      if (row.decoded === undefined) continue;
      expect(tokenizer.decode(out.ids)).toBe(row.decoded);
      expect(tokenizer.decode(out.ids, { skipSpecialTokens: true })).toBe(row.decoded_skip);
    }
    expect(rows).toHaveLength(3852);
  });
});

function withAdded(tokenizer: BertTokenizer, added: readonly AddedRecord[]): BertTokenizer {
  const more = added.map(({ single_word: singleWord, lstrip: stripLeft, rstrip: stripRight, ...token }) => ({
    ...token,
    singleWord,
    stripLeft,
    stripRight,
  }));
  return new BertTokenizer({ ...tokenizer.settings, addedTokens: [...tokenizer.settings.addedTokens, ...more] });
}

describeWithData("tokenizer-goldens/tokenizer-json.jsonl.gz", "published tokenizer.json files", () => {
  test("give the reference's tokens with the truncation stored in them", () => {
    const tokenizers = new Map<string, BertTokenizer>();
    const rows = records<{ file: string; a: string; b: string | null; out: Output }>("tokenizer-json");
    for (const { file, a, b, out } of rows) {
      const path = file.startsWith("all-MiniLM")
        ? ["checkpoints", "all-MiniLM-L6-v2", "tokenizer.json"]
        : ["tokenizer-files", file];
      const tokenizer = tokenizers.get(file) ?? BertTokenizer.fromTokenizerJson(readText(...path));
      tokenizers.set(file, tokenizer);
      const encoding = tokenizer.encode(a, { pair: b ?? undefined, ...tokenizer.settings.truncation });
      expect(asOutput(encoding)).toEqual(wantedOutput(out));
    }
    expect(rows).toHaveLength(240);
  });
});

describeWithData("tokenizer-goldens/decode.jsonl.gz", "decoding", () => {
  test("gives the reference's text, cleaned up or not, with special tokens and without", () => {
    const rows = records<{
      tokenizer: VocabularyName;
      ids: number[];
      hf_cleanup: [string, string];
      hf_raw: [string, string];
    }>("decode");
    for (const { tokenizer: name, ids, hf_cleanup, hf_raw } of rows) {
      const tokenizer = tokenizerOf(name);
      const texts = (cleanUp: boolean) =>
        [false, true].map((skipSpecialTokens) => tokenizer.decode(ids, { skipSpecialTokens, cleanUp }));
      expect([texts(true), texts(false)]).toEqual([hf_cleanup, hf_raw]);
    }
    expect(rows).toHaveLength(636);
  });
});

describeWithData("goldens/minilm/texts.json", "the real all-MiniLM-L6-v2", () => {
  test("gives all texts the ids that sentence-transformers gave them, cut to 256 tokens", () => {
    const folder = ["checkpoints", "all-MiniLM-L6-v2"];
    const config = readText(...folder, "tokenizer_config.json");
    const { texts, input_ids } = JSON.parse(readText("goldens", "minilm", "texts.json")) as Texts;
    for (const tokenizer of [
      BertTokenizer.fromTokenizerJson(readText(...folder, "tokenizer.json"), { config }),
      BertTokenizer.fromVocabulary(readText(...folder, "vocab.txt"), { config }),
    ]) {
      expect(tokenizer.modelMaxLength).toBe(512);
      expect(texts.map((text) => Array.from(tokenizer.encode(text, { maxLength: 256 }).ids))).toEqual(input_ids);
    }
  });
});

describeWithData("vocab", "the published vocabularies", () => {
  test("without a config are read as lower case, but for those with capitals, which need to be told", () => {
    const read = (name: string) => () => BertTokenizer.fromVocabulary(readText("vocab", `bert-base-${name}-vocab.txt`));
    expect(read("uncased")().settings.normalization.lowerCase).toBe(true);
    expect(read("chinese")().settings.normalization.lowerCase).toBe(true);
    for (const name of ["cased", "multilingual-cased"]) {
      expect(read(name)).toThrow(expect.objectContaining({ code: "unknown_case" }));
    }
  });
});

interface Texts {
  readonly texts: string[];
  readonly input_ids: number[][];
}

describeWithData("goldens/pooling/meta.json", "the small sentence encoders", () => {
  test.each(["cls_dense_normalize", "max", "mean_normalize"])("%s gives the reference's ids", (name) => {
    const config = readText("goldens", "pooling", name, "tokenizer_config.json");
    const { texts, input_ids } = JSON.parse(readText("goldens", "pooling", "meta.json")) as Texts;
    for (const tokenizer of [
      BertTokenizer.fromTokenizerJson(readText("goldens", "pooling", name, "tokenizer.json"), { config }),
      BertTokenizer.fromVocabulary(readText("goldens", "pooling", name, "vocab.txt"), { config }),
    ]) {
      const { modelMaxLength: maxLength } = tokenizer;
      expect(maxLength).toBe(36);
      expect(texts.map((text) => Array.from(tokenizer.encode(text, { maxLength }).ids))).toEqual(input_ids);
    }
  });
});

describeWithData("tokenizer-goldens/codepoints-hf.jsonl.gz", "every code point between two letters", () => {
  test.each([true, false])("becomes the words that Hugging Face makes of it, lower case %s", (lowerCase) => {
    const reference = references["hugging-face"];
    const options = { cleanText: true, isolateCjk: true, stripAccents: lowerCase, lowerCase };
    const stages = bertNormalization(options, reference);
    const row = records<{ lowercase: boolean; runs: [number, string][]; maps: [number, string | string[]][] }>(
      "codepoints-hf",
    ).find(({ lowercase }) => lowercase === lowerCase);
    const maps = new Map(row?.maps);
    const different: string[] = [];
    let codePoint = 0;
    for (const [count, kind] of row?.runs ?? []) {
      for (const end = codePoint + count; codePoint < end; codePoint++) {
        if (kind === "-") continue; // surrogates
        const character = String.fromCodePoint(codePoint);
        const spans = stages.reduce<readonly Span[]>((changed, stage) => stage(changed), [wholeSpan(`a${character}b`)]);
        const words = splitWords(spans, reference.classify).map((word) => word.map(({ text }) => text).join(""));
        const expected = wordsOf(kind, character) ?? [maps.get(codePoint)].flat().join(" ");
        if (words.join(" ") !== expected) different.push(codePoint.toString(16));
      }
    }
    expect(codePoint).toBe(0x110000);
    expect(different).toEqual([]);
  });
});

/** The words of a class of code points: kept, punctuation, removed, white space; undefined for any other. */
function wordsOf(kind: string, character: string): string | undefined {
  if (kind === "J") return `a${character}b`;
  if (kind === "P") return `a ${character} b`;
  if (kind === "R") return "ab";
  return kind === "W" ? "a b" : undefined;
}

describeWithData("tokenizer-goldens/differences.jsonl.gz", "the google reference", () => {
  test.each(["udhr", "naughty", "emoji"])("gives the ids of tokenization.py for %s", (name) => {
    const theirs = new Map(
      records<{ file: string; record: number; tokenizer: string; google?: number[] }>("differences").map((row) => [
        `${row.file} ${row.record} ${row.tokenizer}`,
        row.google,
      ]),
    );
    const rows = records<TextRecord>(name);
    const different = vocabularyNames.flatMap((vocabulary) =>
      rows.filter(({ t, e }, index) => {
        const ids = theirs.get(`${name} ${index + 1} ${vocabulary}`) ?? e[vocabulary][0];
        return String(tokenizerOf(vocabulary, "google").encode(t, { addSpecialTokens: false }).ids) !== String(ids);
      }),
    );
    expect(different.map(({ t }) => t)).toEqual([]);
  });
});
