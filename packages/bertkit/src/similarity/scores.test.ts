import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { cosineSimilarity, dotProduct, pairScores } from "./scores.js";

const of = (...values: number[]) => Float32Array.from(values);
const vectors = (width: number) =>
  fc.float32Array({ minLength: width, maxLength: width, noNaN: true, noDefaultInfinity: true });

describe("scores of two vectors", () => {
  test("are the dot product and the cosine", () => {
    expect(dotProduct(of(1, 2, 3, 4, 5), of(5, 4, 3, 2, -1))).toBe(25);
    expect(cosineSimilarity(of(3, 4), of(4, 3))).toBe(24 / 25);
    expect(cosineSimilarity(of(1, 0), of(0, 2))).toBe(0);
    expect(cosineSimilarity(of(1, -2), of(-2, 4))).toBe(-1);
  });

  test("are computed in double precision", () => {
    // In float32 the ones would be lost beside 2²⁸.
    expect(dotProduct(of(2 ** 14, 1, 2 ** 14, 1), of(2 ** 14, 1, -(2 ** 14), 1))).toBe(2);
  });

  test("zeros are like nothing, not even like zeros", () => {
    expect(cosineSimilarity(of(0, 0), of(1, 2))).toBe(0);
    expect(cosineSimilarity(of(0, 0), of(0, 0))).toBe(0);
  });

  test("a vector and itself have the cosine 1, however long or short it is", () => {
    const isOne = (vector: Float32Array): void => {
      expect(cosineSimilarity(vector, vector.slice())).toBe(vector.some((value) => value !== 0) ? 1 : 0);
    };
    fc.assert(fc.property(vectors(7), isOne));
    isOne(of(1e-45, 0, 0));
    isOne(of(3.4e38, 3.4e38, 3.4e38));
  });

  test("a cosine is from −1 to 1 and the same both ways", () => {
    fc.assert(
      fc.property(vectors(5), vectors(5), (a, b) => {
        const cosine = cosineSimilarity(a, b);
        expect(Math.abs(cosine)).toBeLessThanOrEqual(1);
        expect(cosineSimilarity(b, a)).toBe(cosine);
      }),
    );
  });

  test("what is not a number makes no score", () => {
    expect(cosineSimilarity(of(Number.NaN, 1), of(1, 1))).toBeNaN();
    expect(cosineSimilarity(of(Infinity, 1), of(1, 1))).toBeNaN();
  });

  test("widths that differ are an error", () => {
    expect(() => cosineSimilarity(of(1, 2), of(1, 2, 3))).toThrow(/2 numbers cannot be compared with one of 3/);
  });
});

describe("pairScores", () => {
  const [a, b] = [
    [of(1, 0), of(3, 4)],
    [of(2, 0), of(4, 3)],
  ];

  test("compares the first with the first, the second with the second", () => {
    expect([...pairScores(a, b)]).toEqual([1, 24 / 25]);
    expect([...pairScores(a, b, { score: "dot" })]).toEqual([2, 24]);
    expect([...pairScores([], [])]).toEqual([]);
  });

  test("a vector without a partner is an error", () => {
    expect(() => pairScores(a, b.slice(1))).toThrow(/2 vectors cannot be paired with 1/);
  });
});
