import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { PieceIndex } from "./piece-index.js";
import { Vocabulary } from "./vocabulary.js";

const unitsOf = (text: string) => Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));

test("the longest piece that a word begins or goes on with is found, with how much of it matched", () => {
  const index = new PieceIndex(
    new Vocabulary(new Map(["a", "ab", "##c", "##cab", "😀", "##"].map((token, id) => [token, id]))),
    "##",
  );
  const find = (word: string, from: number) => [index.longest(unitsOf(word), from, word.length), index.matched];
  expect(find("abcab", 0)).toEqual([1, 2]);
  expect(find("abcab", 2)).toEqual([3, 3]);
  expect(find("abcac", 2)).toEqual([2, 1]);
  expect(find("😀a", 0)).toEqual([4, 2]);
  expect(find("##cab", 0)).toEqual([3, 5]);
  expect(index.longest(unitsOf("ba"), 0, 2)).toBe(-1);
  expect(index.longest(unitsOf("ab"), 1, 2)).toBe(-1);
});

test("any vocabulary gives what looking up ever shorter strings gives", () => {
  const short = fc.string({ unit: fc.constantFrom(..."ab世#"), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.uniqueArray(short, { maxLength: 60 }), short, fc.nat(5), (tokens, word, start) => {
      const from = Math.min(start, word.length - 1);
      const ids = new Map(tokens.map((token, id) => [token, id]));
      const index = new PieceIndex(new Vocabulary(ids), "##");
      let to = word.length;
      const idAt = () => ids.get((from === 0 ? "" : "##") + word.slice(from, to));
      while (to > from && idAt() === undefined) to--;
      expect(index.longest(unitsOf(word), from, word.length)).toBe(to === from ? -1 : idAt());
      if (to > from) expect(index.matched).toBe(to - from);
    }),
  );
});
