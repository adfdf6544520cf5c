import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BertTokenizer } from "./bert-tokenizer.js";
import { lowercaseNormalizer } from "./normalizers/lowercase.js";
import { normalizerSequence } from "./normalizers/sequence.js";
import { nfkcNormalizer } from "./normalizers/unicode-forms.js";
import { whitespacePreTokenizer } from "./pre-tokenizers/whitespace.js";
import { TokenizerError } from "./tokenizer-error.js";
import { everyPart } from "./tokenizer-parts.js";

const special = (id: number, content: string) => ({ id, content, special: true, normalized: false });
const template = {
  type: "TemplateProcessing",
  single: [
    { SpecialToken: { id: "[CLS]", type_id: 0 } },
    { Sequence: { id: "A", type_id: 0 } },
    { SpecialToken: { id: "[SEP]", type_id: 0 } },
  ],
  pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
  special_tokens: { "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] }, "[SEP]": { id: "[SEP]", ids: [3, 3] } },
};
const file = {
  version: "1.0",
  truncation: { direction: "Left", max_length: 128, strategy: "OnlySecond", stride: 16 },
  padding: { strategy: { Fixed: 64 }, direction: "Right", pad_to_multiple_of: 8, pad_id: 0, pad_type_id: 0 },
  added_tokens: [special(0, "[PAD]"), special(1, "[UNK]"), special(2, "[CLS]"), special(3, "[SEP]")],
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: template as unknown,
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 10,
    vocab: { "[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, a: 4, "##b": 5, b: 6 } as Record<string, number>,
  },
};
const tokensOf = (json: unknown, text: string, pair?: string) =>
  BertTokenizer.fromTokenizerJson(json).encode(text, { pair }).tokens;

describe("tokenizer.json", () => {
  test("is read as text and parsed", () => {
    expect(tokensOf(file, "Ab b")).toEqual(["[CLS]", "a", "##b", "b", "[SEP]", "[SEP]"]);
    expect(tokensOf(JSON.stringify(file), "Ab b")).toEqual(["[CLS]", "a", "##b", "b", "[SEP]", "[SEP]"]);
    expect(tokensOf(file, "a", "b")).toEqual(["a", "b"]);
    expect(tokensOf(file, "abbbbbbbbb abbbbbbbbbb").at(-3)).toBe("[UNK]");
  });

  test("keeps its truncation and padding for the caller, and takes the maximum length from the config", () => {
    const { settings } = BertTokenizer.fromTokenizerJson(file, { config: { model_max_length: 512 } });
    expect(settings.modelMaxLength).toBe(512);
    expect(settings.truncation).toEqual({
      maxLength: 128,
      truncation: "only_second",
      truncationSide: "left",
      stride: 16,
    });
    expect(settings.padding).toEqual({ length: 64, side: "right", multipleOf: 8, id: 0, typeId: 0, token: "[PAD]" });
    expect(
      BertTokenizer.fromTokenizerJson(file, { config: { model_max_length: 1e30 } }).modelMaxLength,
    ).toBeUndefined();
  });

  test("knows BertProcessing, and no processor at all", () => {
    const bert = { ...file, post_processor: { type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] } };
    const { tokens, typeIds } = BertTokenizer.fromTokenizerJson(bert).encode("a", { pair: "b" });
    expect(tokens).toEqual(["[CLS]", "a", "[SEP]", "b", "[SEP]"]);
    expect(Array.from(typeIds)).toEqual([0, 0, 0, 1, 1]);
    expect(tokensOf({ ...file, post_processor: null }, "a", "b")).toEqual(["a", "b"]);
  });

  test("gives added tokens beyond the vocabulary their ids, and WordPiece does not use them", () => {
    const added = {
      id: 7,
      content: "xy",
      single_word: true,
      lstrip: false,
      rstrip: true,
      normalized: true,
      special: false,
    };
    const tokenizer = BertTokenizer.fromTokenizerJson({ ...file, added_tokens: [...file.added_tokens, added] });
    const { tokens, ranges } = tokenizer.encode("a XY  xyz", { addSpecialTokens: false });
    expect(tokens).toEqual(["a", "xy", "[UNK]"]);
    expect(Array.from(ranges)).toEqual([0, 1, 2, 6, 6, 9]);
    expect(tokenizer.vocabulary.size).toBe(8);
  });

  test("with parts that are not BERT's own is read where the caller gives those, and the error says so", () => {
    const normalizer = { type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "Lowercase" }] };
    const json = { ...file, normalizer, pre_tokenizer: { type: "Whitespace" } };
    const parts = {
      normalizers: [normalizerSequence, nfkcNormalizer, lowercaseNormalizer],
      preTokenizers: [whitespacePreTokenizer],
    };
    const { tokens } = BertTokenizer.fromTokenizerJson(json, { parts }).encode("ＡB b", { addSpecialTokens: false });
    expect(tokens).toEqual(["a", "##b", "b"]);
    expect(() => BertTokenizer.fromTokenizerJson(json)).toThrow(
      "tokenizer.json.normalizer: wanted BertNormalizer, not Sequence: pass `parts`",
    );
  });

  test("with a sequence of one part has that part", () => {
    const normalizer = { type: "Sequence", normalizers: [file.normalizer] };
    const pre_tokenizer = {
      type: "Sequence",
      pretokenizers: [{ type: "Sequence", pretokenizers: [file.pre_tokenizer] }],
    };
    const { settings } = BertTokenizer.fromTokenizerJson({ ...file, normalizer, pre_tokenizer });
    expect([settings.normalizer, settings.preTokenizer]).toEqual([undefined, undefined]);
    expect(settings.normalization.lowerCase).toBe(true);
  });

  test.each([
    ["normalizer", { type: "Sequence", normalizers: [] }],
    ["pre_tokenizer", { type: "ByteLevel" }],
    ["post_processor", { type: "RobertaProcessing" }],
    ["decoder", { type: "ByteLevel" }],
    ["model", { type: "BPE", vocab: {} }],
    ["pre_tokenizer", null],
    ["model", null],
  ])("with another %s is refused by name", (part, value) => {
    expect(() => BertTokenizer.fromTokenizerJson({ ...file, [part]: value })).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining(`tokenizer.json.${part}`) }),
    );
  });

  test.each([
    ["{", /tokenizer\.json: /],
    ["[]", /tokenizer\.json: wanted an object/],
    [{ ...file, model: { ...file.model, vocab: { a: -1 } } }, /vocab\["a"\]: wanted a whole number/],
    [{ ...file, model: { ...file.model, vocab: { a: 2 ** 40 } } }, /vocab\["a"\]/],
    [{ ...file, added_tokens: [{ id: 3 }] }, /added_tokens\[0\]\.content: wanted a string, not nothing/],
    [{ ...file, added_tokens: [special(4, "[NEW]")] }, /"\[NEW\]" has id 4, but the vocabulary has "a"/],
    [{ ...file, model: { ...file.model, vocab: { ...file.model.vocab, c: 6 } } }, /vocab\["c"\]: wanted an id that no/],
    [
      { ...file, added_tokens: [special(7, "[A]"), special(7, "[B]")] },
      /"\[B\]" has id 7, but the vocabulary has "\[A\]"/,
    ],
    [
      { ...file, added_tokens: [special(7, "[A]"), special(8, "[A]")] },
      /"\[A\]" has id 8, but the vocabulary has "\[A\]"/,
    ],
    ["[".repeat(100_000), /tokenizer\.json: /],
    [`{"model":${"[".repeat(5000)}${"]".repeat(5000)}}`, /model: wanted an object, not a list/],
    [{ ...file, truncation: { max_length: 1, strategy: "Some" } }, /strategy: wanted LongestFirst or/],
    [{ ...file, post_processor: { ...template, special_tokens: {} } }, /special_tokens has ids for/],
  ])("that is broken says where: %#", (json, message) => {
    expect(() => BertTokenizer.fromTokenizerJson(json)).toThrow(TokenizerError);
    expect(() => BertTokenizer.fromTokenizerJson(json)).toThrow(message);
  });

  test("may have holes in its ids, tokens that look like fields of every object, and U+2028", () => {
    const vocab = JSON.parse('{"[UNK]":1,"[CLS]":2,"[SEP]":3,"__proto__":40,"constructor":50,"\u2028":60}') as object;
    const json = JSON.stringify({ ...file, added_tokens: [], model: { ...file.model, vocab } });
    const tokenizer = BertTokenizer.fromTokenizerJson(`\ufeff${json}`);
    const ids = ["__proto__", "constructor", "\u2028", "toString"].map((token) => tokenizer.vocabulary.id(token));
    expect(ids).toEqual([40, 50, 60, undefined]);
    expect([tokenizer.vocabulary.size, tokenizer.vocabulary.token(41)]).toEqual([61, undefined]);
    expect(tokensOf(json, "constructor")).toEqual(["[CLS]", "[UNK]", "[SEP]", "[SEP]"]); // more than 10 characters
  });

  test("of parts that stand inside each other too deep is refused", () => {
    const normalizer = `${'{"type":"Sequence","normalizers":['.repeat(4000)}${"]}".repeat(4000)}`;
    const json = JSON.stringify({ ...file, normalizer: 0 }).replace('"normalizer":0', `"normalizer":${normalizer}`);
    expect(() => BertTokenizer.fromTokenizerJson(json, { parts: everyPart })).toThrow(/more than 16 deep/);
  });

  test("without its unknown token, or with a sequence twice, is refused", () => {
    const { "[UNK]": _, ...vocab } = file.model.vocab;
    const missing = { ...file, added_tokens: [], model: { ...file.model, vocab } };
    expect(() => BertTokenizer.fromTokenizerJson(missing)).toThrow(expect.objectContaining({ code: "missing_token" }));
    const twice = { ...template, single: [...template.single, { Sequence: { id: "A", type_id: 0 } }] };
    expect(() => BertTokenizer.fromTokenizerJson({ ...file, post_processor: twice })).toThrow(/A once each, not A A/);
  });

  test("of any other content gives a TokenizerError or a tokenizer", () => {
    const read = (json: unknown) => {
      try {
        return BertTokenizer.fromTokenizerJson(json, { parts: everyPart }) instanceof BertTokenizer;
      } catch (error) {
        return error instanceof TokenizerError;
      }
    };
    const fields = Object.keys(file) as (keyof typeof file)[];
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
        expect(read({ ...file, [field]: value })).toBe(true);
        expect(read(value)).toBe(true);
        expect(read({ ...file, model: { ...file.model, vocab: value } })).toBe(true);
      }),
    );
  });
});
