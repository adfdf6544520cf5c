import { expect, test } from "@jest/globals";
import { compareIds } from "./compare-ids.js";

test("the same ids are no difference, whatever array they are in", () => {
  const same = compareIds(["a", "b c"], [[1], [2, 3]], [Int32Array.of(1), Int32Array.of(2, 3)]);
  expect(same).toEqual({ different: 0, example: undefined });
});

test("the first text with other ids is shown from where they part", () => {
  const ours = [[1], [2, 3, 4, 5, 6, 7, 8, 9], [4]];
  const theirs = [[1], [2, 3, 0, 5], [4, 4]];
  expect(compareIds(["a", "b", "c"], ours, theirs)).toEqual({
    different: 2,
    example: { text: "b", ours: [4, 5, 6, 7, 8, 9], theirs: [0, 5] },
  });
});

test("ids of another number of texts are refused", () => {
  expect(() => compareIds(["a", "b"], [[1], [2]], [[1]])).toThrow("ids of 2 texts from either side, got 2 and 1");
});
