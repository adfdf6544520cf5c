import { BertTokenizer, everyPart, toTokenizerJson } from "@bertkit/tokenizer";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { tokenize } from "../batching/tokenization.js";
import { packTokenizer, unpackTokenizer } from "./packed-tokenizer.js";
import { packTokens, unpackTokens } from "./packed-tokens.js";

const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "##s", "é", "i̇", "!"].join("\n");
const tokenizer = BertTokenizer.fromVocabulary(vocabulary, { config: { do_lower_case: false } });

const word = fc.constantFrom("the", "CAT", "cats", "é", "e\u0301", "İ", "!", "[MASK]", "\ud800", "\u2028", " ");
const texts = fc.array(
  fc.oneof(
    fc.array(word).map((words) => words.join(" ")),
    fc.string({ unit: "binary" }),
  ),
);

test("a tokenizer that crossed makes the same tokens, and they cross as they are", () => {
  const crossed = unpackTokenizer(structuredClone(packTokenizer(tokenizer)));
  expect(crossed.settings).toEqual(tokenizer.settings);
  fc.assert(
    fc.property(texts, fc.boolean(), fc.integer({ min: 2, max: 12 }), (all, lowerCase, maxLength) => {
      const rules = { prompt: "the ", lowerCase, maxLength };
      const there = packTokens(all.map((text) => tokenize(text, { tokenizer: crossed, rules })));
      const { value, memory } = there;
      expect(memory).toHaveLength(4);
      const plain = all.map((text) => {
        const { length, ids, typeIds, truncated } = tokenize(text, { tokenizer, rules });
        return { length, ids, typeIds, truncated };
      });
      expect(unpackTokens(structuredClone(value, { transfer: [...memory] }))).toEqual(plain);
    }),
  );
});

test("so does one with parts that are not BERT's own", () => {
  const { pre_tokenizer, ...file } = JSON.parse(toTokenizerJson(tokenizer));
  const json = { ...file, pre_tokenizer: { type: "WhitespaceSplit" } };
  const split = BertTokenizer.fromTokenizerJson(json, { parts: everyPart });
  const crossed = unpackTokenizer(structuredClone(packTokenizer(split)));
  for (const text of ["the cats!", "the cat !", "é [MASK]the"]) {
    expect([...crossed.encode(text).ids]).toEqual([...split.encode(text).ids]);
  }
  expect([...split.encode("cat!").ids]).not.toEqual([...tokenizer.encode("cat!").ids]);
});
