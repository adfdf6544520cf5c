import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { JsonObject } from "../json-reader.js";
import { readPart } from "../part.js";
import { references } from "../reference.js";
import { textOf, wholeSpan } from "../span.js";
import { everyPart } from "../tokenizer-parts.js";

const preTokenizer = (json: unknown) =>
  readPart(new JsonObject(json, "pre_tokenizer"), {
    parts: everyPart.preTokenizers ?? [],
    reference: references["hugging-face"],
  });
const words = (json: unknown, text: string) =>
  preTokenizer(json)
    .split([[wholeSpan(text)]])
    .map(textOf);
const split = (pattern: object, behavior: string, invert = false) => ({ type: "Split", pattern, behavior, invert });

describe("a pre-tokenizer", () => {
  test("BertPreTokenizer cuts at white space of every kind and round punctuation", () => {
    expect(words({ type: "BertPreTokenizer" }, "a\u000bb\u0085c,d $")).toEqual(["a", "b", "c", ",", "d", "$"]);
  });

  test("Whitespace parts words from what is neither word nor space", () => {
    expect(words({ type: "Whitespace" }, "don't  x_1!? é\u0301世²")).toEqual([
      "don",
      "'",
      "t",
      "x_1",
      "!?",
      "é\u0301世",
      "²",
    ]);
  });

  test("WhitespaceSplit cuts at white space alone", () => {
    expect(words({ type: "WhitespaceSplit" }, " a,b\u3000c\u200bd\n")).toEqual(["a,b", "c\u200bd"]);
  });

  test("Digits cuts numbers out, whole or digit by digit", () => {
    expect(words({ type: "Digits", individual_digits: false }, "a12½b3")).toEqual(["a", "12½", "b", "3"]);
    expect(words({ type: "Digits", individual_digits: true }, "a12Ⅳ")).toEqual(["a", "1", "2", "Ⅳ"]);
  });

  test.each([
    ["Isolated", ["a", ".", ".", "b", ".", "c"]],
    ["Removed", ["a", "b", "c"]],
    ["MergedWithPrevious", ["a.", ".", "b.", "c"]],
    ["MergedWithNext", ["a", ".", ".b", ".c"]],
    ["Contiguous", ["a", "..", "b", ".", "c"]],
  ])("Punctuation and Split treat what they find as %s says", (behavior, wanted) => {
    expect(words({ type: "Punctuation", behavior }, "a..b.c")).toEqual(wanted);
    expect(words(split({ String: "." }, behavior), "a..b.c")).toEqual(wanted);
  });

  test("Split with invert cuts at what is between the matches", () => {
    const inverted = (behavior: string) => words(split({ Regex: "[^.]" }, behavior, true), "a..b");
    expect(inverted("Removed")).toEqual(["a", "b"]);
    expect(inverted("MergedWithPrevious")).toEqual(["a..", "b"]);
    expect(inverted("MergedWithNext")).toEqual(["a", "..b"]);
  });

  test("Split finds regular expressions as Onigmo does", () => {
    expect(words(split({ Regex: "\\w+|[^\\w\\s]+" }, "Removed", true), "don't x²")).toEqual(["don", "'", "t", "x²"]);
    expect(words(split({ Regex: "(?=\\p{Lu})" }, "Isolated"), "camelCaseWord")).toEqual(["camel", "Case", "Word"]);
  });

  test("Sequence cuts the words of each part with the next", () => {
    const pretokenizers = [
      { type: "WhitespaceSplit" },
      { type: "Punctuation" },
      { type: "Digits", individual_digits: true },
    ];
    expect(words({ type: "Sequence", pretokenizers }, "a12 b,c")).toEqual(["a", "1", "2", "b", ",", "c"]);
    expect(preTokenizer({ type: "Sequence", pretokenizers }).json).toEqual({
      type: "Sequence",
      pretokenizers: [pretokenizers[0], { type: "Punctuation", behavior: "Isolated" }, pretokenizers[2]],
    });
  });

  test.each([
    [{ type: "Metaspace" }, "pre_tokenizer: wanted BertPreTokenizer, Sequence, Whitespace"],
    [{ type: "Punctuation", behavior: "Some" }, "behavior: wanted Isolated or Removed or"],
    [{ type: "Split", pattern: { String: "a" }, invert: false }, "behavior: wanted a string, not nothing"],
    [{ type: "Digits" }, "individual_digits: wanted true or false"],
  ])("of the wrong form is an error that says where: %#", (json, message) => {
    expect(() => preTokenizer(json)).toThrow(message);
  });

  test("loses nothing but what it removes, and keeps every word's range", () => {
    const text = fc.string({ unit: fc.constantFrom(..."aB1 ,.\n世😀é\u0301") });
    const behaviors = ["Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"];
    fc.assert(
      fc.property(text, fc.constantFrom(...behaviors), fc.boolean(), (text, behavior, invert) => {
        const cut = preTokenizer(split({ Regex: "\\d|\\s+|[,.]" }, behavior, invert)).split([[wholeSpan(text)]]);
        expect(cut.map(textOf).join("")).toBe(text);
        for (const word of cut) {
          for (const { text: part, start, end } of word) expect(text.slice(start, end)).toBe(part);
        }
      }),
    );
  });
});
