import { readFileSync } from "node:fs";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { expect, test } from "@jest/globals";
import { isCased } from "./vocabulary-case.js";

test.each([
  ["[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\n##s\nℝ\n", false],
  ["[PAD]\r\n<S>\r\n<T>\r\n的\r\n", false],
  ["[PAD]\nthe\nThe\n", true],
  ["the\n##É", true],
  ["", false],
])("%j", (vocabulary, cased) => {
  expect(isCased(vocabulary)).toBe(cased);
});

describeWithData("vocab", "the vocabularies of Google's releases", () => {
  test.each([
    ["uncased", false],
    ["chinese", false],
    ["cased", true],
    ["multilingual-cased", true],
  ])("%s", (name, cased) => {
    expect(isCased(readFileSync(dataPath("vocab", `bert-base-${name}-vocab.txt`), "utf8"))).toBe(cased);
  });
});
