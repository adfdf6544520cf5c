import { ShapeError } from "@bertkit/tensor";
import { expectClose } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { likeliestTokens } from "./index.js";

describe("likeliestTokens", () => {
  // Probabilities 1/16, 8/16, 2/16, 1/16, 4/16.
  const logits = Float32Array.from([1, 8, 2, 1, 4], Math.log);
  const idsOf = (...from: Parameters<typeof likeliestTokens>): number[] => likeliestTokens(...from).map(({ id }) => id);

  test("gives tokens with their probabilities, the likeliest first", () => {
    const guesses = likeliestTokens(logits, { top: 3 });
    expect(guesses.map(({ id }) => id)).toEqual([1, 4, 2]);
    expectClose(
      guesses.map(({ probability }) => probability),
      [0.5, 0.25, 0.125],
      1e-7,
    );
  });

  test("five of them unless told, and no more than there are", () => {
    expect(idsOf(new Float32Array(9))).toEqual([0, 1, 2, 3, 4]);
    expect(idsOf(logits, { top: 100 })).toEqual([1, 4, 2, 0, 3]);
  });

  test("of two alike the one with the lower id comes first", () => {
    expect(idsOf(logits, { top: 4 })).toEqual([1, 4, 2, 0]);
    expect(idsOf(logits, { among: [3, 0] })).toEqual([0, 3]);
  });

  test("only those asked for, whose probabilities stay those among all", () => {
    const guesses = likeliestTokens(logits, { among: [2, 4, 2] });
    expect(guesses.map(({ id }) => id)).toEqual([4, 2]);
    expectClose(
      guesses.map(({ probability }) => probability),
      [0.25, 0.125],
      1e-7,
    );
  });

  test("large logits do not overflow", () => {
    expect(likeliestTokens(Float32Array.of(2000, 0), { top: 1 })).toEqual([{ id: 0, probability: 1 }]);
  });

  test("a token there is none of, and a number that is none, are named", () => {
    expect(() => likeliestTokens(logits, { among: [4, 5] })).toThrow(ShapeError);
    expect(() => likeliestTokens(logits, { among: [4, 5] })).toThrow("id 5 is none of 5 tokens");
    expect(() => likeliestTokens(logits, { among: [-1] })).toThrow("id -1");
    expect(() => likeliestTokens(logits, { top: 0 })).toThrow("got top 0");
    expect(() => likeliestTokens(logits, { top: 1.5 })).toThrow("got top 1.5");
  });
});
