import { expect, test } from "@jest/globals";
import { googleModelOnHub, googleModels } from "./google-models.js";

test("the 24 small models are called on the hub as Google called them, with bert_ before", () => {
  const names = [2, 4, 6, 8, 10, 12].flatMap((layers) =>
    ["128_A-2", "256_A-4", "512_A-8", "768_A-12"].map((width) => `uncased_L-${layers}_H-${width}`),
  );
  expect(names).toHaveLength(24);
  for (const name of names) expect(googleModelOnHub(`bert_${name}`)).toBe(`google/bert_${name}`);
  const [largest, ...smaller] = names.reverse();
  for (const name of smaller) expect(googleModelOnHub(name)).toBe(`google/bert_${name}`);
  expect(googleModelOnHub(largest!)).toBe("google-bert/bert-base-uncased");
});

test.each([
  ["uncased_L-24_H-1024_A-16", "google-bert/bert-large-uncased"],
  ["cased_L-12_H-768_A-12", "google-bert/bert-base-cased"],
  ["multi_cased_L-12_H-768_A-12", "google-bert/bert-base-multilingual-cased"],
  ["chinese_L-12_H-768_A-12", "google-bert/bert-base-chinese"],
  ["wwm_uncased_L-24_H-1024_A-16", "google-bert/bert-large-uncased-whole-word-masking"],
  ["wwm_cased_L-24_H-1024_A-16", "google-bert/bert-large-cased-whole-word-masking"],
  ["bert-base-uncased", "google-bert/bert-base-uncased"],
  ["bert-base-multilingual-cased", "google-bert/bert-base-multilingual-cased"],
  ["bert-large-uncased-whole-word-masking", "google-bert/bert-large-uncased-whole-word-masking"],
  ["bert-tiny", "google/bert_uncased_L-2_H-128_A-2"],
  ["bert-medium@v1", "google/bert_uncased_L-8_H-512_A-8@v1"],
])("%s is %s", (name, full) => {
  expect(googleModelOnHub(name)).toBe(full);
});

test("no other name is Google's, and each of these has one meaning", () => {
  for (const name of ["bert", "", "@", "google-bert/bert-base-uncased", "uncased_L-3_H-128_A-2", "constructor"]) {
    expect(googleModelOnHub(name)).toBeUndefined();
  }
  expect(new Set(googleModels).size).toBe(googleModels.length);
});
