import { expect, test } from "@jest/globals";
import { agreement, vectorsIn } from "./agreement.js";

test("the largest difference of an element and the lowest cosine of a text are found", () => {
  const ours = [
    [1, 0],
    [0, 1],
  ];
  const theirs = [
    [1, 0],
    [0.75, 1],
  ];
  expect(agreement(ours, theirs)).toEqual({ difference: 0.75, cosine: 0.8 });
});

test("NaN on either side is no agreement", () => {
  const { difference, cosine } = agreement([[1, Number.NaN]], [[1, 0]]);
  expect([difference, cosine]).toEqual([Number.NaN, Number.NaN]);
});

test("other numbers of texts, or of elements, are an error that says which", () => {
  expect(() => agreement([[1, 2]], [[1, 2, 3]])).toThrow("got 1 × 2 and 1 × 3");
  expect(() => agreement([[1]], [[1], [2]])).toThrow("got 1 × 1 and 2 × 1");
});

test("flat vectors come apart by text", () => {
  expect(vectorsIn(Float32Array.of(1, 2, 3, 4), 2)).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
});
