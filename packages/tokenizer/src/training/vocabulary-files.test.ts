import { describe, expect, test } from "@jest/globals";
import { BertTokenizer } from "../bert-tokenizer.js";
import { trainVocabulary } from "./train-vocabulary.js";
import { vocabularyFiles } from "./vocabulary-files.js";

describe("the files of a vocabulary", () => {
  test.each([{}, { lowerCase: false }, { stripAccents: false }])(
    "make the tokenizer that %j was trained for",
    async (options) => {
      const text = "Ärger ärger arger";
      const { tokens } = await trainVocabulary([text, text], options);
      const { vocabulary, config } = vocabularyFiles(tokens, options);
      const tokenizer = BertTokenizer.fromVocabulary(vocabulary, { config });
      const { lowerCase = true, stripAccents = lowerCase } = options as { lowerCase?: boolean; stripAccents?: boolean };
      expect(tokenizer.settings.normalization).toMatchObject({ lowerCase, stripAccents });
      expect([...tokenizer.vocabulary.entries()].map(([token]) => token)).toEqual(tokens);
      expect(tokenizer.encode(text, { addSpecialTokens: false }).tokens).not.toContain("[UNK]");
    },
  );

  test("refuse a token that would be two lines", () => {
    expect(() => vocabularyFiles(["a", "b\nc"])).toThrow('vocab.txt: a line cannot hold "b\\nc"');
  });
});
