import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { BertTokenizer } from "./bert-tokenizer.js";
import { everyPart } from "./tokenizer-parts.js";
import { toTokenizerJson } from "./write-tokenizer-json.js";

interface Answer {
  readonly texts: readonly [text: string, pair?: string];
  readonly ids: string;
  readonly types: string;
  readonly ranges: string;
  readonly words: string;
  readonly decoded: string;
}

interface Recorded {
  readonly vocabulary: string;
  readonly cases: readonly { readonly parts: string; readonly answers: readonly Answer[] }[];
}

const recorded = JSON.parse(
  readFileSync(new URL("./fixtures/recorded-parts.json", import.meta.url), "utf8"),
) as Recorded;
const vocabulary = recorded.vocabulary.split("\n");
const specialTokens = vocabulary.slice(0, 5).map((content, id) => ({ id, content, special: true, normalized: false }));

/** A tokenizer.json of recorded parts. */
function fileOf(recordedParts: string): object {
  const parts = JSON.parse(recordedParts) as { readonly added_tokens: readonly object[] };
  const vocab = Object.fromEntries(vocabulary.map((token, id) => [token, id]));
  return { ...parts, added_tokens: [...specialTokens, ...parts.added_tokens], model: { type: "WordPiece", vocab } };
}

function answerOf(tokenizer: BertTokenizer, { texts: [text, pair] }: Answer): Answer {
  const { ids, typeIds, ranges, wordIds } = tokenizer.encode(text, { pair });
  return {
    texts: pair === undefined ? [text] : [text, pair],
    ids: ids.join(" "),
    types: typeIds.join(" "),
    ranges: ranges.join(" "),
    words: wordIds.join(" "),
    decoded: tokenizer.decode(ids),
  };
}

describe("random pipelines of every part", () => {
  test("give the ids, ranges, words and decoded texts of Hugging Face's library", () => {
    for (const { parts, answers } of recorded.cases) {
      const tokenizer = BertTokenizer.fromTokenizerJson(fileOf(parts), { parts: everyPart });
      for (const answer of answers) expect({ parts, ...answerOf(tokenizer, answer) }).toEqual({ parts, ...answer });
    }
  });

  test("give the same when written as a tokenizer.json and read again", () => {
    for (const { parts, answers } of recorded.cases) {
      const written = toTokenizerJson(BertTokenizer.fromTokenizerJson(fileOf(parts), { parts: everyPart }));
      const tokenizer = BertTokenizer.fromTokenizerJson(written, { parts: everyPart });
      for (const answer of answers) expect({ parts, ...answerOf(tokenizer, answer) }).toEqual({ parts, ...answer });
    }
  });
});
