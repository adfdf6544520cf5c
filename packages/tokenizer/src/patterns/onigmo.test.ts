import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { TokenizerError } from "../tokenizer-error.js";
import { translateRegex } from "./onigmo.js";

const found = (source: string, text: string) =>
  [...text.matchAll(translateRegex(source, "Regex"))].map(([match]) => match);

describe("a regular expression of Onigmo", () => {
  test.each([
    ["\\w+", "aé_1²٣-x", ["aé_1²٣", "x"]],
    ["[\\w]+", "a²b", ["a", "b"]],
    ["\\W", "a²-", ["-"]],
    ["\\d+", "1٣²", ["1٣"]],
    ["\\s", "a\u0085\ufeff\u00a0", ["\u0085", "\u00a0"]],
    ["[^\\s]+", "ab c", ["ab", "c"]],
    ["\\h\\H", "0gA-", ["0g", "A-"]],
    [".", "a\nb", ["a", "b"]],
    ["\\p{Han}", "a世", ["世"]],
    ["\\p{^L}|\\P{N}", "a1", ["a", "1"]],
    ["[\\p{punct}]", "a.$", ["."]],
    ["a{,2}b", "aaab", ["aab"]],
    ["(a)(?:b|c)?", "abac", ["ab", "ac"]],
    ["(?<=a)b(?!c)", "ababc", ["b"]],
    ["[]a]", "]a[", ["]", "a"]],
    ["[a\\-z]+", "a-zb", ["a-z"]],
    ["\\x41\\u00e9\\x{1F600}\\/", "Aé😀/", ["Aé😀/"]],
    ["x-y/z", "x-y/z", ["x-y/z"]],
  ])("%s finds the same in JavaScript", (source, text, wanted) => {
    expect(found(source, text)).toEqual(wanted);
  });

  test("has ^ and $ at lines, \\A, \\z and \\Z at the ends, \\b at words of Unicode", () => {
    const places = (source: string, text: string) =>
      [...text.matchAll(translateRegex(source, "Regex"))].map(({ index }) => index);
    expect(places("^", "a\nb\n")).toEqual([0, 2]);
    expect(places("$", "a\nb\n")).toEqual([1, 3, 4]);
    expect(places("\\A.|.\\z", "a\nb")).toEqual([0, 2]);
    expect(places("\\Z", "a\n")).toEqual([1, 2]);
    expect(places("\\b", "é a")).toEqual([0, 1, 2, 3]);
  });

  test.each([
    ["(?>a)", "(?>a"],
    ["a++", "++"],
    ["a+?*", "+?*"],
    ["a{2}?", "{2}?"],
    ["(?i)a", "(?i)"],
    ["(?<name>a)", "(?<n"],
    ["(a)\\1", "\\1"],
    ["\\X", "\\X"],
    ["\\Ka", "\\K"],
    ["[[:alpha:]]", "[:"],
    ["[a&&b]", "&&"],
    ["\\p{Nothing}", "\\p{Nothing}"],
    ["\\xe9", "\\xe9"],
    ["[\\W]", "\\W"],
    ["(a+)+b", "+ after a group"],
    ["(a|a)*b", "* after a group"],
    ["((a)|b){2,}", "{2,} after a group"],
  ])("with %s, which JavaScript lacks or could take for ever, is an error that names it", (source, what) => {
    expect(() => translateRegex(source, "Regex")).toThrow(
      expect.objectContaining({ code: "unsupported", message: expect.stringContaining(`Regex: ${what}`) }),
    );
  });

  test.each(["(", ")", "a)", "[a", "[z-a]", "\\", "*", "a{2,1}"])("%s is none", (source) => {
    expect(() => translateRegex(source, "Regex")).toThrow(expect.objectContaining({ code: "invalid_file" }));
  });

  test("of any form becomes one of JavaScript or a TokenizerError", () => {
    const source = fc.string({ unit: fc.constantFrom(..."ab(?:)[]^$.*+{}2,\\wdspPhL-|&é😀") });
    fc.assert(
      fc.property(source, (source) => {
        try {
          expect(translateRegex(source, "Regex")).toBeInstanceOf(RegExp);
        } catch (error) {
          expect(error).toBeInstanceOf(TokenizerError);
        }
      }),
    );
  });
});
