import { readFileSync } from "node:fs";
import { ShapeError } from "@bertkit/tensor";
import { BertTokenizer } from "@bertkit/tokenizer";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Aggregation, entitiesOf, type ScoredTokens, wordLabels } from "./entities.js";
import { softmaxOf } from "./probabilities.js";

const aggregations: readonly Aggregation[] = ["none", "simple", "first", "average", "max"];
const vocabulary = "[UNK] [CLS] [SEP] ann ber ##lin new york ' s .";
const tokenizer = BertTokenizer.fromVocabulary(vocabulary.replaceAll(" ", "\n"), { lowerCase: true });

/** A text whose tokens surely have these labels, one each. */
function tagged(text: string, tags: string, labels: readonly string[]): ScoredTokens {
  const encoding = tokenizer.encode(text);
  const wanted = ["O", ...tags.split(" "), "O"];
  expect(wanted).toHaveLength(encoding.length);
  return {
    encoding,
    scores: wanted.map((tag) => Float32Array.from(labels, (label) => (label === tag ? 1 : 0))),
  };
}

/** Entities as "type text". */
function found(tags: string, labels: string, { text = "Ann New York", aggregation = "simple" as Aggregation } = {}) {
  const names = labels.split(" ");
  return entitiesOf(tagged(text, tags, names), { labels: names, aggregation, text }).map(
    (entity) => `${entity.type} ${entity.text}`,
  );
}

describe("entitiesOf", () => {
  test("gives an entity's type, mean score, range in the text and tokens", () => {
    const text = "Ann: New  York";
    const labels = ["O", "B-LOC", "I-LOC"];
    const encoding = tokenizer.encode(text);
    const scores = [
      [0, 1, 0],
      [0.75, 0.25, 0],
      [1, 0, 0],
      [0.25, 0.75, 0],
      [0.25, 0.25, 0.5],
      [0, 0, 1],
    ].map((row) => Float32Array.from(row));
    expect(entitiesOf({ encoding, scores }, { labels })).toEqual([
      { type: "LOC", score: 0.625, start: 5, end: 14, tokens: [3, 5] },
    ]);
    expect(entitiesOf({ encoding, scores }, { labels, text })[0]?.text).toBe("New  York");
  });

  test("B- begins an entity, I- goes on one of its type or begins one", () => {
    const labels = "O B-PER I-PER B-LOC I-LOC";
    expect(found("B-PER B-LOC I-LOC", labels)).toEqual(["PER Ann", "LOC New York"]);
    expect(found("B-LOC B-LOC I-LOC", labels)).toEqual(["LOC Ann", "LOC New York"]);
    expect(found("B-PER I-LOC I-LOC", labels)).toEqual(["PER Ann", "LOC New York"]);
    expect(found("I-LOC I-LOC I-LOC", labels)).toEqual(["LOC Ann New York"]);
    expect(found("B-LOC O I-LOC", labels)).toEqual(["LOC Ann", "LOC York"]);
    expect(found("O O O", labels)).toEqual([]);
  });

  test("labels without prefix join with their like, and keep their hyphens", () => {
    expect(found("NOUN NOUN NOUN", "NOUN VERB")).toEqual(["NOUN Ann New York"]);
    expect(found("E-MAIL LOC LOC", "LOC E-MAIL O")).toEqual(["E-MAIL Ann", "LOC New York"]);
  });

  test("BIOES, BILOU and BMES end entities too, if their type has B-", () => {
    const bioes = "O B-LOC I-LOC E-LOC S-LOC";
    expect(found("B-LOC I-LOC E-LOC", bioes)).toEqual(["LOC Ann New York"]);
    expect(found("B-LOC E-LOC I-LOC", bioes)).toEqual(["LOC Ann New", "LOC York"]);
    expect(found("S-LOC S-LOC I-LOC", bioes)).toEqual(["LOC Ann", "LOC New", "LOC York"]);
    expect(found("I-LOC S-LOC E-LOC", bioes)).toEqual(["LOC Ann", "LOC New", "LOC York"]);
    const bilou = "O B-LOC I-LOC L-LOC U-LOC";
    expect(found("U-LOC B-LOC L-LOC", bilou)).toEqual(["LOC Ann", "LOC New York"]);
    expect(found("B-LOC M-LOC E-LOC", "O B-LOC M-LOC E-LOC")).toEqual(["LOC Ann New York"]);
  });

  test("none keeps each token with its whole label", () => {
    expect(found("B-LOC I-LOC O", "O B-LOC I-LOC", { text: "Berlin.", aggregation: "none" })).toEqual([
      "B-LOC Ber",
      "I-LOC lin",
    ]);
  });

  test("a word has one label: its first token's, the average's, or the surest token's", () => {
    const labels = ["O", "PER", "LOC"];
    const encoding = tokenizer.encode("Berlin");
    const scores = [
      [1, 0, 0],
      [0.125, 0.5, 0.375],
      [0.625, 0, 0.375],
      [1, 0, 0],
    ].map((row) => Float32Array.from(row));
    const typesOf = (aggregation: Aggregation) =>
      entitiesOf({ encoding, scores }, { labels, aggregation, ignored: [] }).map(({ type, score, start, end }) => [
        type,
        score,
        start,
        end,
      ]);
    expect(typesOf("simple")).toEqual([
      ["PER", 0.5, 0, 3],
      ["O", 0.625, 3, 6],
    ]);
    expect(typesOf("first")).toEqual([["PER", 0.5, 0, 6]]);
    expect(typesOf("average")).toEqual([["O", 0.375, 0, 6]]);
    expect(typesOf("max")).toEqual([["O", 0.625, 0, 6]]);
  });

  test("the types to leave out are the caller's choice", () => {
    const labels = ["O", "PER"];
    const tokens = tagged("Ann New York", "PER O O", labels);
    expect(entitiesOf(tokens, { labels, ignored: ["PER"] }).map(({ type }) => type)).toEqual(["O"]);
    expect(entitiesOf(tokens, { labels, ignored: [] })).toHaveLength(2);
  });

  test("a text without tokens has no entities", () => {
    const encoding = tokenizer.encode("");
    const scores = [Float32Array.of(0, 1), Float32Array.of(0, 1)];
    for (const aggregation of aggregations) {
      expect(entitiesOf({ encoding, scores }, { labels: ["O", "PER"], aggregation })).toEqual([]);
    }
  });

  test("scores of other tokens or labels are errors", () => {
    const tokens = tagged("Ann", "O", ["O", "PER"]);
    expect(() => entitiesOf(tokens, { labels: ["O"] })).toThrow(
      new ShapeError("token 0 has 2 scores for 1 labels: give one for each"),
    );
    expect(() => wordLabels({ ...tokens, scores: [] }, { labels: ["O", "PER"], words: [] })).toThrow(
      new ShapeError("scores of 0 tokens do not fit a text of 3: give all of them"),
    );
  });

  test("whatever the labels, entities are in order, do not overlap and hold no special token", () => {
    const labels = ["O", "B-A", "I-A", "E-A", "S-A", "B-B", "I-B", "C"];
    const encoding = tokenizer.encode("Ann's Berlin, New York. Ann 😀 Berlin");
    const row = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 });
    const rows = fc.array(row, { minLength: encoding.length, maxLength: encoding.length });
    fc.assert(
      fc.property(rows, fc.constantFrom(...aggregations), (values, aggregation) => {
        const scores = values.map((each) => Float32Array.from(each));
        const entities = entitiesOf({ encoding, scores }, { labels, aggregation });
        let token = 1;
        for (const { tokens, start, end, score, type } of entities) {
          expect(tokens[0]).toBeGreaterThanOrEqual(token);
          expect(tokens[1]).toBeGreaterThan(tokens[0]);
          expect(start).toBe(encoding.ranges[2 * tokens[0]]);
          expect(end).toBe(encoding.ranges[2 * tokens[1] - 1]);
          expect(score).toBeLessThanOrEqual(1);
          expect(aggregation === "none" ? labels : ["A", "B", "C"]).toContain(type);
          token = tokens[1];
        }
        expect(token).toBeLessThan(encoding.length);
      }),
    );
  });
});

describe("wordLabels", () => {
  const labels = ["O", "PER", "LOC"];
  const rangesOf = (words: readonly string[]) => {
    let at = 0;
    return words.map((word) => {
      const start = at;
      at += word.length + 1;
      return { start, end: start + word.length };
    });
  };

  test("a word that was split beforehand has its first token's label", () => {
    const words = ["Ann's", "Berlin", "."];
    const tokens = tagged(words.join(" "), "PER O O LOC PER O", labels);
    expect(wordLabels(tokens, { labels, words: rangesOf(words) })).toEqual([
      { label: "PER", score: 1, token: 1 },
      { label: "LOC", score: 1, token: 4 },
      { label: "O", score: 1, token: 6 },
    ]);
  });

  test("a word that was dropped or cut off has none", () => {
    const words = ["\u200b", "Ann", "", "New", "York"];
    const encoding = tokenizer.encode(words.join(" "), { maxLength: 4 });
    const scores = Array.from({ length: 4 }, () => Float32Array.of(0, 0.5, 0.25));
    const found = wordLabels({ encoding, scores }, { labels, words: rangesOf(words) });
    expect(found.map((each) => each?.token)).toEqual([undefined, 1, undefined, 2, undefined]);
  });
});

describe("recorded from Hugging Face's TokenClassificationPipeline", () => {
  interface Recorded {
    readonly vocabulary: readonly string[];
    readonly cases: readonly {
      readonly text: string;
      readonly tokens: readonly string[];
      readonly ranges: readonly (readonly number[])[];
      readonly labels: readonly string[];
      readonly logits: readonly (readonly number[])[];
      readonly entities: Readonly<Record<Aggregation, readonly (readonly [string, number, number, number])[]>>;
    }[];
  }

  test("entities, scores and ranges are the same by every aggregation", () => {
    const path = new URL("./fixtures/recorded-entities.json", import.meta.url);
    const recorded = JSON.parse(readFileSync(path, "utf8")) as Recorded;
    const same = BertTokenizer.fromVocabulary(recorded.vocabulary.join("\n"), { lowerCase: true });
    expect(recorded.cases.length).toBeGreaterThanOrEqual(50);
    for (const { text, tokens, ranges, labels, logits, entities } of recorded.cases) {
      const encoding = same.encode(text);
      expect(encoding.tokens).toEqual(tokens);
      expect(Array.from(encoding.ranges)).toEqual(ranges.flat());
      const scores = logits.map((row) => Float32Array.from(softmaxOf(Float64Array.from(row))));
      for (const aggregation of aggregations) {
        const found = entitiesOf({ encoding, scores }, { labels, aggregation });
        expect(found.map(({ type, score, start, end }) => [type, score, start, end])).toEqual(
          entities[aggregation].map(([type, score, ...range]) => [type, expect.closeTo(score, 5), ...range]),
        );
      }
    }
  });
});
