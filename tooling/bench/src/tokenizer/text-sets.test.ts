import { expect, test } from "@jest/globals";
import { linesInTurn, sizeOf } from "./text-sets.js";

test("lines come from the files in turn, empty ones left out, until there are enough bytes", () => {
  const files = ["a1\n\na2\r\na3\n", "中\n"];
  expect(linesInTurn(files, 100)).toEqual(["a1", "中", "a2", "a3"]);
  expect(linesInTurn(files, 5)).toEqual(["a1", "中"]);
  expect(linesInTurn(files, 6)).toEqual(["a1", "中", "a2"]);
});

test("a set is as large as its UTF-8 without the ends of lines", () => {
  expect(sizeOf(["a1", "中"])).toEqual({ lines: 2, bytes: 5 });
});
