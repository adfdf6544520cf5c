import { expect, test } from "@jest/globals";
import { parseVocabulary, Vocabulary } from "./vocabulary.js";

test("a vocabulary has a token a line", () => {
  const vocabulary = parseVocabulary("[PAD]\na\n##a\n");
  expect(vocabulary.size).toBe(3);
  expect(vocabulary.id("##a")).toBe(2);
  expect(vocabulary.token(1)).toBe("a");
  expect([vocabulary.id("b"), vocabulary.token(3), vocabulary.token(-1)]).toEqual([undefined, undefined, undefined]);
});

test("lines end at LF alone and keep everything else", () => {
  const vocabulary = parseVocabulary("a\n\u2028\n##\u2028\n \n\u0085\n\rb");
  expect(["\u2028", "##\u2028", " ", "\u0085", "\rb"].map((token) => vocabulary.id(token))).toEqual([1, 2, 3, 4, 5]);
});

test("CR goes where every line ends with CR LF, and stays where not", () => {
  expect(parseVocabulary("a\r\nb\r\n").id("b")).toBe(1);
  expect(parseVocabulary("a\r\nb").id("a")).toBe(0);
  expect(parseVocabulary("a\r\nb\nc\n").id("a\r")).toBe(0);
});

test("a byte order mark in front is no part of the first token", () => {
  expect(parseVocabulary("\ufeffa\n\ufeffb\n").id("a")).toBe(0);
  expect(parseVocabulary("\ufeffa\n\ufeffb\n").id("\ufeffb")).toBe(1);
});

test("of equal lines the last counts, and an empty line has an id", () => {
  const vocabulary = parseVocabulary("a\n\na\n");
  expect(vocabulary.id("a")).toBe(2);
  expect(vocabulary.size).toBe(3);
});

test("ids are whole numbers", () => {
  expect(() => new Vocabulary(new Map([["a", 0.5]]))).toThrow('whole numbers from 0 to 2147483647, but "a" has 0.5');
  expect(new Vocabulary(new Map([["a", 2_000_000_000]])).size).toBe(2_000_000_001);
});

test("names that objects inherit are tokens like any other", () => {
  const vocabulary = parseVocabulary("__proto__\nconstructor");
  expect([vocabulary.id("__proto__"), vocabulary.id("constructor"), vocabulary.id("toString")]).toEqual([
    0,
    1,
    undefined,
  ]);
});
