import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BertTokenizer } from "./bert-tokenizer.js";
import { Template } from "./template.js";
import { toTokenizerJson } from "./write-tokenizer-json.js";

const vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\n__proto__\n10\n\u2028\n";
const tokenizer = BertTokenizer.fromVocabulary(vocabulary, { lowerCase: true });

describe("a tokenizer written as tokenizer.json", () => {
  test("has BERT's parts, templates and decoder", () => {
    const file = JSON.parse(toTokenizerJson(tokenizer)) as Record<string, unknown>;
    expect(file).toMatchObject({
      version: "1.0",
      truncation: null,
      padding: null,
      normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, lowercase: true },
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: {
        type: "TemplateProcessing",
        single: [
          { SpecialToken: { id: "[CLS]", type_id: 0 } },
          { Sequence: { id: "A", type_id: 0 } },
          { SpecialToken: { id: "[SEP]", type_id: 0 } },
        ],
        special_tokens: { "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] } },
      },
      decoder: { type: "WordPiece", prefix: "##", cleanup: true },
      model: { type: "WordPiece", unk_token: "[UNK]", max_input_chars_per_word: 100 },
    });
    expect((file.added_tokens as unknown[])[0]).toEqual({
      id: 0,
      content: "[PAD]",
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    });
  });

  test("has every token, whatever it is called", () => {
    const again = BertTokenizer.fromTokenizerJson(toTokenizerJson(tokenizer));
    expect(new Map(again.vocabulary.entries())).toEqual(new Map(tokenizer.vocabulary.entries()));
  });

  test("keeps the truncation and padding it was read with", () => {
    const file = JSON.parse(toTokenizerJson(tokenizer)) as object;
    const truncation = { direction: "Left", max_length: 64, strategy: "OnlyFirst", stride: 8 };
    const padding = {
      strategy: { Fixed: 32 },
      direction: "Left",
      pad_to_multiple_of: null,
      pad_id: 0,
      pad_type_id: 0,
      pad_token: "[PAD]",
    };
    const read = BertTokenizer.fromTokenizerJson({ ...file, truncation, padding });
    expect(JSON.parse(toTokenizerJson(read))).toMatchObject({ truncation, padding });
  });

  test("spells a run of special tokens in a template as one", () => {
    const single = new Template(1, [
      { ids: [4, 3], typeId: 2 },
      { sequence: 0, typeId: 0 },
    ]);
    const changed = new BertTokenizer({
      ...tokenizer.settings,
      templates: { ...tokenizer.settings.templates, single },
      decoder: { continuationPrefix: undefined, cleanUp: false },
    });
    const again = BertTokenizer.fromTokenizerJson(toTokenizerJson(changed));
    expect(again.encode("a").tokens).toEqual(["[MASK]", "[SEP]", "a"]);
    expect(Array.from(again.encode("a").typeIds)).toEqual([2, 2, 0]);
    expect(again.decode([5, 6])).toBe("a ##b");
  });

  test("gives the same tokens as before, for any text", () => {
    const again = BertTokenizer.fromTokenizerJson(toTokenizerJson(tokenizer));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."abAB10 .[]", "[MASK]", "\u2028", "é") }), (text) => {
        expect(again.encode(text, { pair: text }).ids).toEqual(tokenizer.encode(text, { pair: text }).ids);
      }),
    );
  });
});
