import { expect, test } from "@jest/globals";
import { codePointSet, forEachRange } from "./code-point-ranges.js";
import { readNumbers, unfoldSign } from "./read-numbers.js";

test("a number is five bits a character, the lowest first", () => {
  expect(readNumbers("?@^_@~~}?")).toEqual([0, 1, 31, 32, 32767 - 1024]);
  expect([0, 1, 2, 3, 4].map(unfoldSign)).toEqual([0, -1, 1, -2, 2]);
});

test("a table of ranges has the gap before each and how many follow its first", () => {
  const ranges: number[][] = [];
  forEachRange("@@B?", (first, last) => ranges.push([first, last]));
  expect(ranges).toEqual([
    [1, 2],
    [6, 6],
  ]);
  expect([0, 1, 2, 3, 5, 6, 7].map(codePointSet("@@B?"))).toEqual([false, true, true, false, false, true, false]);
});
