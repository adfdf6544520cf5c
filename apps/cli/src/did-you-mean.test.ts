import { describe, expect, test } from "@jest/globals";
import { nearest } from "./did-you-mean.js";

describe("nearest", () => {
  test.each([
    ["lable", ["text", "label", "id"], ["label"]],
    ["txt", ["label", "text"], ["text"]],
    ["Text", ["label", "text"], ["text"]],
    ["sentence", ["sentence2", "sentence1", "score"], ["sentence2", "sentence1"]],
    ["poolin", ["prompt", "pooling"], ["pooling"]],
    ["all-MiniLM", ["all-mpnet-base-v2", "all-MiniLM-L6-v2"], ["all-MiniLM-L6-v2"]],
    ["body", ["text", "label"], []],
    ["x", ["y", "X"], ["X"]],
    ["ie", ["id"], ["id"]],
    ["", ["text"], []],
    ["text", [], []],
  ])("of %j among %j is %j", (word, candidates, expected) => {
    expect(nearest(word, candidates)).toEqual(expected);
  });

  test("puts the fewest changes first, and counts a swap as one", () => {
    expect(nearest("labels", ["lobelz", "lables", "labels2", "labels"])).toEqual([
      "labels",
      "lables",
      "labels2",
      "lobelz",
    ]);
  });

  test("a name that stands twice is suggested once", () => {
    expect(nearest("ab", ["abc", "abc"])).toEqual(["abc"]);
  });
});
