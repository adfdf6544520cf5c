import { expect, test } from "@jest/globals";
import { similarNames } from "./similar-names.js";

const names = [
  "sentence-transformers/all-MiniLM-L6-v2",
  "sentence-transformers/all-mpnet-base-v2",
  "BAAI/bge-small-en",
];

test("a name with a letter wrong, in other case, or under another namespace is found", () => {
  expect(similarNames("sentence-transformer/all-MiniLM-L6-v2", names)[0]).toBe(names[0]);
  expect(similarNames("sentence-transformers/all-minilm-l6-v2", names)).toEqual([names[0]]);
  expect(similarNames("microsoft/all-MiniLM-L6-v2", names)).toEqual([names[0]]);
  expect(similarNames("bge-smal-en", names)).toEqual(["BAAI/bge-small-en"]);
});

test("a name that is like none, or is one of them, suggests nothing", () => {
  expect(similarNames("google/t5", names)).toEqual([]);
  expect(similarNames("BAAI/bge-small-en", names)).toEqual([]);
});

test("the closest come first, each once, and not too many", () => {
  const many = ["a/model-3x", "a/model-33", "a/model-3", "a/model-3"];
  expect(similarNames("a/model-3!", many, 2)).toEqual(["a/model-3x", "a/model-33"]);
});
