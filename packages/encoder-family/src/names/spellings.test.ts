import { nameTable } from "@bertkit/layers";
import { expect, test } from "@jest/globals";
import { encoderSpellings, headSpellings } from "./spellings.js";

test("an encoder stands alone or in a model, on one device or on several", () => {
  const tables = encoderSpellings((prefix) => nameTable([["embeddings.word", "words"]], prefix), "bert.");
  expect(tables.map((table) => table("embeddings.word.weight").name)).toEqual([
    "words.weight",
    "bert.words.weight",
    "module.words.weight",
    "module.bert.words.weight",
  ]);
});

test("a head stands in no model's name", () => {
  const tables = headSpellings([["linear", "classifier"]]);
  expect(tables.map((table) => table("linear.bias").name)).toEqual(["classifier.bias", "module.classifier.bias"]);
});
