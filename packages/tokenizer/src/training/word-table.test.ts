import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { WordTable } from "./word-table.js";

const contentOf = (table: WordTable): [string, number][] =>
  Array.from({ length: table.length }, (_, index) => [table.word(index), table.count(index)]);

test("a table counts words in the order in which they came first, as a Map would", () => {
  const word = fc.oneof(fc.string({ unit: "binary", maxLength: 3 }), fc.constantFrom("a", "b", "", "\ud800", "\0"));
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.nat(9))), (words) => {
      const table = new WordTable();
      const wanted = new Map<string, number>();
      for (const [word, count] of words) {
        table.add(`<${word}>`, 1, word.length + 1, count);
        wanted.set(word, (wanted.get(word) ?? 0) + count);
      }
      expect(contentOf(table)).toEqual([...wanted]);
    }),
  );
});

test("a table grows with its words, and counts are exact beyond 32 bits", () => {
  const table = new WordTable();
  const words = Array.from({ length: 20_000 }, (_, i) => `word ${i}`);
  for (const word of [...words, ...words]) table.add(word, 0, word.length, 2 ** 40);
  expect(contentOf(table)).toEqual(words.map((word) => [word, 2 ** 41]));
});
