import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { placesInUnits } from "./code-points.js";

test("a place after characters above U+FFFF is further on in UTF-16", () => {
  const place = placesInUnits("a😀b𠀀");
  expect([0, 1, 2, 3, 4].map(place)).toEqual([0, 1, 3, 4, 6]);
});

test.each(["ab", "a😀"])("what is no place of %s is undefined", (text) => {
  expect([-1, 3, 0.5, Number.NaN, Number.POSITIVE_INFINITY].map(placesInUnits(text))).toEqual(Array(5).fill(undefined));
});

test("a lone surrogate is a code point", () => {
  expect([0, 1, 2, 3].map(placesInUnits("\ud83d\ude00\ude00a"))).toEqual([0, 2, 3, 4]);
  expect([0, 1, 2].map(placesInUnits("\ude00\ud83d"))).toEqual([0, 1, 2]);
});

test("every place cuts the text where its code points do", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const place = placesInUnits(text);
      const characters = [...text];
      for (let at = 0; at <= characters.length; at++) {
        expect(text.slice(0, place(at))).toBe(characters.slice(0, at).join(""));
      }
    }),
  );
});
