import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { expect, test } from "@jest/globals";
import { trainVocabulary } from "./train-vocabulary.js";

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
  const bytes = readFileSync(dataPath(corpus.file)).subarray(...corpus.bytes);
  const texts = bytes.toString("utf8").split(/(?<=\n)/);
  const canonical = records.filter((record): record is CanonicalRecord => record.kind === "canonical");

  test("the corpus is the one of the reference", () => {
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(corpus.sha256);
    expect(canonical).toHaveLength(2);
  });

  test.each(canonical)("a vocabulary of $vocab_size has its tokens in its order, and their counts", async (wanted) => {
    const { tokens, counts, ...found } = await trainVocabulary(texts, {
      size: wanted.vocab_size,
      minFrequency: wanted.min_frequency,
      counts: true,
    });
    expect(tokens).toEqual(wanted.vocab);
    expect([...(counts ?? [])]).toEqual(wanted.counts);
    expect(found).toEqual({
      texts: texts.length,
      words: corpus.words,
      distinctWords: corpus.distinct_words,
      longWords: 0,
      countError: 0,
    });
  });
});
