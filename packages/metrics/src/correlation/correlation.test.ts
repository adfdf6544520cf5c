import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { pearson } from "./pearson.js";
import { cosines, scoreSimilarity } from "./score-similarity.js";
import { spearman } from "./spearman.js";

describe("correlations", () => {
  test("are those computed by hand", () => {
    expect(pearson([1, 2, 3], [1, 2, 4])).toBeCloseTo(9 / Math.sqrt(84), 15);
    expect(pearson(Float32Array.of(1, 2), [5, -5])).toBe(-1);
    // Ranks 1, 2.5, 2.5, 4 beside 1, 2, 3, 4.
    expect(spearman([1, 7, 7, 9], [0.1, 0.2, 0.3, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 15);
  });

  test("have no value where a list is constant, however its mean is rounded", () => {
    expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN();
    expect(scoreSimilarity([1, 2, 3], [0.3, 0.3, 0.3])).toEqual({ pearson: Number.NaN, spearman: Number.NaN });
  });

  test("do not suffer from numbers whose squares are out of range", () => {
    expect(pearson([1e-200, 2e-200, 4e-200], [1e200, 2e200, 4e200])).toBeCloseTo(1, 12);
  });

  const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const pairs = fc.array(fc.tuple(finite, finite), { minLength: 2, maxLength: 30 });

  test("lie between −1 and 1, and the order of the pairs and a scale change next to nothing", () => {
    fc.assert(
      fc.property(pairs, (some) => {
        const [a, b] = [some.map(([x]) => x), some.map(([, y]) => y)];
        const scores = scoreSimilarity(a, b);
        for (const score of [scores.pearson, scores.spearman])
          if (!Number.isNaN(score)) expect(Math.abs(score)).toBeLessThanOrEqual(1);
        const turned = scoreSimilarity([...a].reverse(), [...b].reverse());
        const grown = a.map((x) => x * 4);
        for (const other of [turned.spearman, spearman(grown, b), spearman(b, a)]) expectNear(other, scores.spearman);
      }),
    );
  });

  test("refuse NaN, infinities, one pair alone and lists of two lengths", () => {
    expect(() => pearson([1, Number.NaN], [1, 2])).toThrow("pearson is of finite numbers, and value 1 is NaN");
    expect(() => spearman([1, 2], [1, Number.POSITIVE_INFINITY])).toThrow("value 1 is Infinity");
    expect(() => spearman([1], [1])).toThrow("spearman needs at least 2 pairs of values, and there are 1");
    expect(() => pearson([1, 2], [1])).toThrow("pearson: 2 gold values, but 1 predicted ones");
  });
});

describe("cosines", () => {
  test("are of each pair, and 0 beside a zero vector", () => {
    const first = [Float32Array.of(3, 4), Float32Array.of(1, 0), Float32Array.of(0, 0)];
    expect([
      ...cosines(first, [
        [4, 3],
        [-2, 0],
        [1, 1],
      ]),
    ]).toEqual([0.96, -1, 0]);
  });

  test("want as many dimensions on both sides", () => {
    expect(() => cosines([[1, 2]], [[1]])).toThrow("the vectors of pair 0 have 2 and 1 dimensions");
  });
});

function expectNear(a: number, b: number): void {
  if (Number.isNaN(b)) expect(a).toBeNaN();
  else expect(a).toBeCloseTo(b, 10);
}
