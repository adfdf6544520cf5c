import { describe, expect, test } from "@jest/globals";
import { BertTokenizer } from "./bert-tokenizer.js";

const special = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
const tokensOf = (tokenizer: BertTokenizer, text: string) => tokenizer.encode(text, { addSpecialTokens: false }).tokens;

describe("tokenizer_config.json", () => {
  test("says whether to lower-case, to strip accents and to isolate CJK", () => {
    const vocabulary = `${special}a\nA\né\nÉ\ne\nE\n世\n##世\n`;
    const read = (config: unknown) => tokensOf(BertTokenizer.fromVocabulary(vocabulary, { config }), "A É a世");
    expect(read({ do_lower_case: true })).toEqual(["a", "e", "a", "世"]);
    expect(read({ do_lower_case: false })).toEqual(["A", "É", "a", "世"]);
    expect(read({ do_lower_case: true, strip_accents: false })).toEqual(["a", "é", "a", "世"]);
    expect(read({ do_lower_case: false, strip_accents: true })).toEqual(["A", "E", "a", "世"]);
    expect(read('{"do_lower_case":false,"tokenize_chinese_chars":false}')).toEqual(["A", "É", "a", "##世"]);
  });

  test("names the special tokens, as strings or objects, and the maximum length", () => {
    const config = {
      do_lower_case: true,
      cls_token: "<s>",
      sep_token: { content: "</s>", lstrip: false },
      unk_token: "<unk>",
      model_max_length: 36,
    };
    const tokenizer = BertTokenizer.fromVocabulary("<s>\n</s>\n<unk>\na", { config });
    expect(tokenizer.encode("a b </s>").tokens).toEqual(["<s>", "a", "<unk>", "</s>", "</s>"]);
    expect(tokenizer.specialTokens).toEqual({
      unknown: 2,
      separator: 1,
      classifier: 0,
      padding: undefined,
      mask: undefined,
    });
    expect(tokenizer.modelMaxLength).toBe(36);
    expect([tokenizer.addedTokenCount(), tokenizer.addedTokenCount(true)]).toEqual([2, 3]);
  });

  test("must say the case where the vocabulary has capitals", () => {
    const vocabulary = `${special}the\nThe\n`;
    expect(() => BertTokenizer.fromVocabulary(vocabulary)).toThrow(expect.objectContaining({ code: "unknown_case" }));
    expect(tokensOf(BertTokenizer.fromVocabulary(vocabulary, { lowerCase: false }), "The")).toEqual(["The"]);
    expect(tokensOf(BertTokenizer.fromVocabulary(`${special}the\n`), "The")).toEqual(["the"]);
  });

  test("of the wrong form is an error that names the field", () => {
    const read = (config: unknown) => () => BertTokenizer.fromVocabulary(special, { config });
    expect(read({ do_lower_case: "yes" })).toThrow('do_lower_case: wanted true or false, not "yes"');
    expect(read({ model_max_length: "512" })).toThrow("model_max_length: wanted a number above 0");
    expect(read("no json")).toThrow(expect.objectContaining({ code: "invalid_file" }));
  });

  test("special tokens must be in the vocabulary", () => {
    const missing = expect.objectContaining({ code: "missing_token" });
    expect(() => BertTokenizer.fromVocabulary("[PAD]\n[UNK]\n[CLS]\na")).toThrow(missing);
    expect(() => BertTokenizer.fromVocabulary("[PAD]\n[CLS]\n[SEP]\na")).toThrow(missing);
    expect(() => BertTokenizer.fromVocabulary("")).toThrow(missing);
  });
});
