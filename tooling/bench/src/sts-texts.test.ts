import { expect, test } from "@jest/globals";
import { sentencesIn } from "./sts-texts.js";

test("both sentences of every row are texts, wherever their columns stand", () => {
  const table = 'index\tsentence1\tsentence2\tscore\n0\tA man.\tA "woman".\t5.0\n1\tA dog.\tA cat.\t0.0\n';
  expect(sentencesIn(table)).toEqual(["A man.", 'A "woman".', "A dog.", "A cat."]);
});
