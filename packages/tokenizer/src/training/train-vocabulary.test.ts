import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BertTokenizer } from "../bert-tokenizer.js";
import { trainVocabulary } from "./train-vocabulary.js";
import type { TrainingOptions } from "./training-options.js";

const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/** The tokens behind the special ones. */
async function trained(texts: readonly string[], options: TrainingOptions = {}): Promise<string> {
  const { tokens } = await trainVocabulary(texts, options);
  expect(tokens.slice(0, special.length)).toEqual(special);
  return tokens.slice(special.length).join(" ");
}

describe("a vocabulary", () => {
  test("has characters, then those that continue words, then merged pieces, the most frequent pair first", async () => {
    // h ##u and ##u ##g come 7 times, b ##u and ##u ##n 5 times, ##g ##s 3 times; then hu ##g 7, bu ##n 5, hug ##s 3.
    const texts = ["hug hug hug hug", "hugs hugs hugs", "bun bun bun bun bun"];
    expect(await trained(texts)).toBe("b g h n s u ##g ##n ##s ##u hu hug bu bun hugs");
  });

  test("merges the pair of the smallest ids where several are as frequent", async () => {
    expect(await trained(["abc abc", "cd cd"])).toBe("a b c d ##b ##c ##d ab cd abc");
  });

  test("merges within a word from its beginning on", async () => {
    // a ##a and ##a ##a ##a are one pair of the first kind and two of the second, which overlap.
    expect(await trained(["aaaa aaaa"])).toBe("a ##a ##aa aaa aaaa");
    expect(await trained(["abab abab ab"])).toBe("a b ##a ##b ab ##ab abab");
  });

  test("is made of the words that the tokenizer cuts texts into", async () => {
    const tokens = await trained(["Ünï-X\u0000Y\t世界\u00a0[MASK]"]);
    expect(tokens).toBe("- [ ] a i k m n s u x y 世 界 ##a ##i ##k ##n ##s ##y");
  });

  test("keeps case and accents where that is asked for", async () => {
    expect(await trained(["Ü ü"], { lowerCase: false })).toBe("Ü ü");
    expect(await trained(["Ü ü"], { stripAccents: false })).toBe("ü");
    expect(await trained(["Ü ü"], { lowerCase: false, stripAccents: true })).toBe("U u");
  });

  test("follows Google's where that is asked for: a Σ that ends a word", async () => {
    expect(await trained(["ΣΑΣ"], { reference: "google" })).toBe("α ς σ ##α ##ς");
    expect(await trained(["ΣΑΣ"])).toBe("α σ ##α ##σ");
  });

  test("begins with other special tokens, each once, and has another prefix", async () => {
    const options = { specialTokens: ["<u>", "a", "<u>"], continuationPrefix: "@" };
    expect((await trainVocabulary(["ab ab"], options)).tokens).toEqual(["<u>", "a", "b", "@b", "ab"]);
    expect((await trainVocabulary(["ab ab"], { ...options, continuationPrefix: "" })).tokens).toEqual([
      "<u>",
      "a",
      "b",
      "ab",
    ]);
  });
});

describe("limits", () => {
  test("the size ends the merging", async () => {
    expect(await trained(["aaaa aaaa"], { size: 8 })).toBe("a ##a ##aa");
  });

  test("special tokens and characters are there whatever the size", async () => {
    expect(await trained(["aaaa bb"], { size: 3 })).toBe("a b ##a ##b");
  });

  test("pairs below the minimum frequency stay apart", async () => {
    expect(await trained(["ab ab ab cd cd"], { minFrequency: 3 })).toBe("a b c d ##b ##d ab");
    expect(await trained(["ab"], { minFrequency: 0 })).toBe("a b ##b ab");
  });

  test("the alphabet keeps the most frequent characters, of those as frequent the smaller code points", async () => {
    // Without its b, "abc" is a next to ##c.
    expect(await trained(["abc abc ac d"], { alphabetLimit: 2 })).toBe("a c ##c ac");
    expect(await trained(["dcba"], { alphabetLimit: 2 })).toBe("a b ##a ##b");
    expect(await trained(["dcba"], { alphabetLimit: 0 })).toBe("");
  });

  test("a word of a million characters is left out, and counted as unknown", async () => {
    const texts = ["a".repeat(1e6), "b"];
    const { tokens, counts, ...found } = await trainVocabulary(texts, { counts: true });
    expect(tokens.slice(5)).toEqual(["b"]);
    expect([...(counts ?? [])]).toEqual([0, 1, 0, 0, 0, 1]);
    expect(found).toEqual({ texts: 2, words: 2, distinctWords: 1, longWords: 1, countError: 0 });
  });

  test("a word of 100 characters is a word; Google's may have 200", async () => {
    const found = async (length: number, options?: TrainingOptions) =>
      (await trainVocabulary(["𐐀".repeat(length)], options)).longWords;
    expect([await found(100), await found(101)]).toEqual([0, 1]);
    expect([await found(200, { reference: "google" }), await found(201, { reference: "google" })]).toEqual([0, 1]);
    expect([await found(3, { longestWord: 3 }), await found(4, { longestWord: 3 })]).toEqual([0, 1]);
  });

  test("of more different words than may be remembered the rarest are forgotten, and the result says so", async () => {
    function* texts(): Generator<string> {
      for (let i = 0; i < 20_000; i++) yield `often seldom${i}`;
    }
    const options = { wordLimit: 1000, counts: true, lowerCase: false };
    const { tokens, counts, countError, distinctWords, words } = await trainVocabulary(texts(), options);
    expect(words).toBe(40_000);
    expect(distinctWords).toBeLessThanOrEqual(1000);
    expect(countError).toBeGreaterThan(0);
    expect(counts?.[tokens.indexOf("often")]).toBeGreaterThanOrEqual(20_000 - countError);
  });

  test("no texts give the special tokens alone", async () => {
    const nothing = { texts: 0, words: 0, distinctWords: 0, longWords: 0, countError: 0 };
    expect(await trainVocabulary([])).toEqual({ ...nothing, tokens: special, counts: undefined });
    expect(await trained(["", " \n", "\u0000"])).toBe("");
  });

  test("options that make no sense are refused, numbers all at once", async () => {
    await expect(trainVocabulary([], { size: 0, minFrequency: 0.5, alphabetLimit: -1 })).rejects.toMatchObject({
      code: "invalid_option",
      message: expect.stringMatching(/^size: wanted .*, not 0; minFrequency: wanted .*, not 0.5; alphabetLimit: .*-1$/),
    });
    const reference = "bert" as "google";
    await expect(trainVocabulary([], { reference })).rejects.toThrow(
      "reference: wanted hugging-face or google, not bert",
    );
    await expect(trainVocabulary("one text")).rejects.toMatchObject({ code: "invalid_option" });
    await expect(trainVocabulary([1 as unknown as string])).rejects.toThrow("texts: wanted strings, not number");
  });
});

/** Few letters, so that pairs come again, and what the stages of the normalisation care about. */
const anyText = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."aAbB cÉ-.'Σσ世 ") }),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."a \u0301\u200bİ世𠀀😀\u302e\u{1d165}\u1e05가ﬁ[]\t.", "\ud800") }),
);
const anyOptions = fc.record({
  size: fc.integer({ min: 1, max: 60 }),
  minFrequency: fc.integer({ min: 0, max: 3 }),
  lowerCase: fc.boolean(),
  reference: fc.constantFrom("google" as const, "hugging-face" as const),
});

describe("for any texts", () => {
  test("their order does not matter", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText), anyOptions, async (texts, options) => {
        const forth = await trainVocabulary(texts, { ...options, counts: true });
        expect(await trainVocabulary([...texts].reverse(), { ...options, counts: true })).toEqual(forth);
        expect(new Set(forth.tokens).size).toBe(forth.tokens.length);
      }),
    );
  });

  test("none has an unknown word where the alphabet is whole, and the counts are those of the tokenizer", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText), anyOptions, async (texts, options) => {
        const training = { ...options, alphabetLimit: Number.POSITIVE_INFINITY, counts: true };
        const { tokens, counts } = await trainVocabulary(texts, training);
        const tokenizer = BertTokenizer.fromVocabulary(tokens.join("\n"), options);
        const found = tokens.map(() => 0);
        for (const text of texts) {
          for (const id of tokenizer.encode(text, { addSpecialTokens: false }).ids) found[id]!++;
        }
        expect(found).toEqual([...(counts ?? [])]);
        expect(found[special.indexOf("[UNK]")]).toBe(0);
      }),
    );
  });
});

interface CorpusRecord {
  readonly kind: "corpus";
  readonly file: string;
  readonly bytes: readonly [from: number, to: number];
  readonly sha256: string;
  readonly words: number;
  readonly distinct_words: number;
}
interface CanonicalRecord {
  readonly kind: "canonical";
  readonly vocab_size: number;
  readonly min_frequency: number;
  readonly vocab: readonly string[];
  readonly counts: readonly number[];
}

describeWithData("tokenizer-goldens/train.jsonl.gz", "as Hugging Face's trainer", () => {
  const lines = gunzipSync(readFileSync(dataPath("tokenizer-goldens/train.jsonl.gz")))
    .toString("utf8")
    .trimEnd();
  const records: (CorpusRecord | CanonicalRecord | { readonly kind: "hf" })[] = lines
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line));
  const corpus = records.find((record): record is CorpusRecord => record.kind === "corpus") as CorpusRecord;
  const canonical = records.filter((record): record is CanonicalRecord => record.kind === "canonical");
  const bytes = readFileSync(dataPath(corpus.file)).subarray(...corpus.bytes);
  const texts = bytes.toString("utf8").split(/(?<=\n)/);

  test("the corpus is the one of the reference", () => {
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(corpus.sha256);
    expect(canonical).toHaveLength(2);
  });

  test.each(canonical)("a vocabulary of $vocab_size has its tokens in its order, and their counts", async (wanted) => {
    const { vocab_size: size, min_frequency: minFrequency } = wanted;
    const { tokens, counts, ...found } = await trainVocabulary(texts, { size, minFrequency, counts: true });
    expect(tokens).toEqual(wanted.vocab);
    expect([...(counts ?? [])]).toEqual(wanted.counts);
    const { words, distinct_words: distinctWords } = corpus;
    expect(found).toEqual({ texts: texts.length, words, distinctWords, longWords: 0, countError: 0 });
  });
});
