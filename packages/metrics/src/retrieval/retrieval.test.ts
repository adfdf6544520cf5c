import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { rankDocuments } from "./rank-documents.js";
import { scoreRanking } from "./score-ranking.js";
import { beirCutoffs, scoreRetrieval } from "./score-retrieval.js";

describe("ranking", () => {
  test("goes by score, and by falling id among equals, in code-point order", () => {
    expect(rankDocuments({ a: 1, b: 2, c: 1, d: -1 })).toEqual(["b", "c", "a", "d"]);
    expect(rankDocuments({ "\uff00": 1, "\u{1f600}": 1, z: 1, z1: 1 })).toEqual(["\u{1f600}", "\uff00", "z1", "z"]);
  });

  test("takes scores for equal that are so in float32, as trec_eval does", () => {
    expect(rankDocuments({ a: 1.0000000001, b: 1 })).toEqual(["b", "a"]);
  });

  test("refuses NaN", () => {
    expect(() => rankDocuments({ a: Number.NaN })).toThrow('and that of "a" is NaN');
  });
});

describe("scores of a ranking", () => {
  test("are those computed by hand", () => {
    const judgements = { a: 2, b: 0, c: 1, d: -1, e: 3 };
    const scores = scoreRanking(judgements, ["d", "a", "x", "c"], [2, 4]);
    const ideal = 3 + 2 / Math.log2(3);
    expect(scores.get(2)).toEqual({
      ndcg: 2 / Math.log2(3) / ideal,
      mrr: 0.5,
      map: 1 / 6,
      recall: 1 / 3,
      precision: 0.5,
    });
    expect(scores.get(4)).toMatchObject({ mrr: 0.5, map: 1 / 3, recall: 2 / 3, precision: 0.5 });
  });

  test("are 0 without relevant documents, and precision counts what was not found", () => {
    expect(scoreRanking({ a: 0 }, ["a"], [1]).get(1)).toEqual({ ndcg: 0, mrr: 0, map: 0, recall: 0, precision: 0 });
    expect(scoreRanking({ a: 1 }, ["a"], [10]).get(10)).toEqual({ ndcg: 1, mrr: 1, map: 1, recall: 1, precision: 0.1 });
  });

  test("refuse cutoffs of 0, relevances in parts and documents that come twice", () => {
    expect(() => scoreRanking({}, [], [0])).toThrow("a cutoff is a whole number of 1 or more, not 0");
    expect(() => scoreRanking({ a: 0.5 }, [], [1])).toThrow('a relevance is a whole number, and that of "a" is 0.5');
    expect(() => scoreRanking({}, ["a", "a"], [1])).toThrow("each document once");
  });
});

describe("scores of a search", () => {
  test("are means over judged queries that were searched, those without a find too", () => {
    const judgements = new Map([
      ["one", { a: 1 }],
      ["two", { a: 1 }],
      ["three", { a: 1 }],
    ]);
    const scores = scoreRetrieval(judgements, { one: { a: 1 }, two: {}, four: { a: 1 } });
    expect(scores).toMatchObject({ total: 2, missing: ["three"] });
    expect([...scores.at.keys()]).toEqual(beirCutoffs);
    expect(scores.at.get(10)).toEqual({ ndcg: 0.5, mrr: 0.5, map: 0.5, recall: 0.5, precision: 0.05 });
  });

  test("do not depend on the order of documents, and lie between 0 and 1", () => {
    const ids = fc.constantFrom(..."abcdefgh");
    const judged = fc.dictionary(ids, fc.integer({ min: -1, max: 3 }), { maxKeys: 8 });
    const found = fc.dictionary(ids, fc.constantFrom(0, 0.5, 1), { maxKeys: 8 });
    fc.assert(
      fc.property(judged, found, (judgements, run) => {
        const turned = new Map(Object.entries(run).reverse());
        const { at } = scoreRetrieval({ q: judgements }, { q: run }, [1, 3, 10]);
        expect(scoreRetrieval({ q: judgements }, { q: turned }, [1, 3, 10]).at).toEqual(at);
        for (const value of [...at.values()].flatMap((scores) => Object.values(scores))) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-15);
        }
      }),
    );
  });

  test("refuse a run that has none of the judged queries, and no cutoffs", () => {
    expect(() => scoreRetrieval({ one: {} }, { two: {} })).toThrow(
      'none of the judged queries was searched: 1 ("one")',
    );
    expect(() => scoreRetrieval({}, {})).toThrow("there are no judged queries");
    expect(() => scoreRetrieval({ one: {} }, { one: {} }, [])).toThrow("at least one cutoff");
  });
});
