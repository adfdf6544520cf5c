import { describe, expect, test } from "@jest/globals";
import { type AddedToken, AddedTokens } from "./added-tokens.js";
import { huggingFaceClasses } from "./character-classes.js";
import { isolateCjk, lowerCase } from "./normalization.js";
import { textOf } from "./span.js";

const token = (content: string, id: number, flags: Partial<AddedToken> = {}): AddedToken => ({
  content,
  id,
  special: false,
  normalized: false,
  singleWord: false,
  stripLeft: false,
  stripRight: false,
  ...flags,
});
const isolate = isolateCjk(huggingFaceClasses);
const lower = lowerCase();
const split = (text: string, ...tokens: AddedToken[]) =>
  new AddedTokens(tokens, (spans) => lower(isolate(spans)))
    .split(text)
    .map(({ spans, id }) => [textOf(spans), id, spans[0]?.start, spans.at(-1)?.end]);

describe("added tokens", () => {
  test("are found in the source, the leftmost first and of those the longest, whatever signs they have", () => {
    expect(split("A[x]B.*", token("[x]", 1), token(".*", 2), token("[x]B", 3))).toEqual([
      ["a", undefined, 0, 1],
      ["[x]B", 3, 1, 5],
      [".*", 2, 5, 7],
    ]);
  });

  test("are found in normalised text where they say so, with their range in the source", () => {
    expect(split("世ABC世", token("ab", 1, { normalized: true }), token("世", 2, { normalized: true }))).toEqual([
      [" 世 ", 2, 0, 1],
      ["ab", 1, 1, 3],
      ["c", undefined, 3, 4],
      [" 世 ", 2, 4, 5],
    ]);
  });

  test("may have to be whole words", () => {
    const single = token("new", 1, { singleWord: true });
    expect(split("new renew new_ new. 𐐀new", single).map(([text, id]) => [text, id])).toEqual([
      ["new", 1],
      [" renew new_ ", undefined],
      ["new", 1],
      [". 𐐨new", undefined],
    ]);
  });

  test("may take white space on either side, each once", () => {
    const both = { stripLeft: true, stripRight: true };
    expect(split("a  x \u3000 x b", token("x", 1, both))).toEqual([
      ["a", undefined, 0, 1],
      ["  x \u3000 ", 1, 1, 7],
      ["x ", 1, 7, 9],
      ["b", undefined, 9, 10],
    ]);
  });

  test("of the same content: the last counts", () => {
    expect(split("x", token("x", 1), token("x", 2))).toEqual([["x", 2, 0, 1]]);
  });

  test("are found in time linear in the text", () => {
    const blank = token(" ", 1, { stripRight: true });
    expect(split(" ".repeat(200_000), blank)).toHaveLength(200_000);
    const normalized = token("世", 2, { normalized: true });
    expect(split("世a".repeat(50_000), normalized)).toHaveLength(100_000);
  });
});
