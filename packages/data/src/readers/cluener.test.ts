import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DataError } from "../data-error.js";
import { anyText, inPieces } from "../fixtures/any-text.js";
import { errorOf } from "../fixtures/error-of.js";
import { gather } from "../fixtures/gather.js";
import { readCluener } from "./cluener.js";

const record = {
  text: '😀叶老桂认为浙商银行{"}好',
  label: { company: { 浙商银行: [[6, 9]] }, name: { 叶老桂: [[1, 3]] } },
};
const read = {
  line: 1,
  text: record.text,
  entities: [
    { type: "name", text: "叶老桂", start: 2, end: 5 },
    { type: "company", text: "浙商银行", start: 7, end: 11 },
  ],
};

describe("texts with entities", () => {
  test("are read from JSON lines, with ranges in UTF-16 in the order of the text", async () => {
    const file = `${JSON.stringify(record)}\r\n\n${JSON.stringify({ id: 0, text: "无" })}\n`;
    expect(await gather(readCluener(file))).toEqual([read, { line: 3, text: "无", entities: undefined }]);
  });

  test("are read from objects over several lines, however they follow one another", async () => {
    const pretty = JSON.stringify(record, null, 2);
    const file = `\ufeff${pretty}${pretty}\n${JSON.stringify(record)} ${pretty.replaceAll("\n", "\r\n")}\n`;
    const texts = await gather(readCluener(file));
    expect(texts.map(({ entities }) => entities)).toEqual(Array(4).fill(read.entities));
    const lines = pretty.split("\n").length;
    expect(texts.map(({ line }) => line)).toEqual([1, lines, 2 * lines, 2 * lines]);
  });

  test("are the same in whatever pieces the file comes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(7)), async (lengths) => {
        expect(await gather(readCluener(inPieces(JSON.stringify(record, null, 1), lengths)))).toEqual([read]);
      }),
    );
  });

  test("may name one thing several times, and things within things", async () => {
    const label = {
      a: {
        xy: [
          [0, 1],
          [2, 3],
        ],
      },
      b: { xyxy: [[0, 3]] },
    };
    const [text] = await gather(readCluener(JSON.stringify({ text: "xyxy", label })));
    expect(text?.entities?.map(({ type, start, end }) => [type, start, end])).toEqual([
      ["a", 0, 2],
      ["b", 0, 4],
      ["a", 2, 4],
    ]);
  });

  const labelled = (label: unknown): string => JSON.stringify({ text: "ab😀", label });
  test.each<[file: string, code: string, message: string | RegExp]>([
    ['\n{"text": "a"', "json", "line 2: wanted whole JSON, this value has no end"],
    ['{"text": "a\n"}', "json", "line 1: wanted whole JSON, a string has no end in this line"],
    ['{"text": "a\\', "json", "line 1: wanted whole JSON, a string has no end in this line"],
    ["null", "json", "line 1: wanted a JSON object, came something that begins with n"],
    ['{"text": "a"},\n{}', "json", "line 1: wanted a JSON object, came something that begins with ,"],
    ["{]", "json", /^line 1: wanted JSON, which this is not: /],
    ["[]", "shape", "line 1: wanted an object, came an array"],
    ["{}", "shape", "line 1, text: wanted a string, came nothing"],
    [labelled([]), "shape", "line 1, label: wanted an object, came an array"],
    [labelled({ name: { ab: 0 } }), "shape", "line 1, label.name.ab: wanted an array of ranges, came 0"],
    [
      labelled({ name: { ab: [[0]] } }),
      "shape",
      "line 1, label.name.ab: wanted a range of two whole numbers, came an array",
    ],
    [
      labelled({ name: { ab: [[0, 2]] } }),
      "value",
      'line 1, label.name.ab: wanted a range with the text "ab", came "ab😀"',
    ],
    [
      labelled({ 名: { b: [[1, 3]] } }),
      "value",
      'line 1, label["名"].b: wanted a range with the text "b", came a range outside the text',
    ],
    ["[".repeat(100_000), "json", "line 1: wanted whole JSON, this value has no end"],
    ["[".repeat(100_000) + "]".repeat(100_000), "shape", "line 1: wanted an object, came an array"],
  ])("in %j are an error", async (file, code, message) => {
    const error = await errorOf(readCluener(file));
    expect(error.code).toBe(code);
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  test("with a range astray can be told and left out", async () => {
    const told: string[] = [];
    const file = `${labelled({ name: { b: [[0, 0]] } })}\n${JSON.stringify(record)}`;
    const texts = await gather(readCluener(file, { onBadRecord: ({ code }) => void told.push(code) }));
    expect(texts.map(({ line }) => line)).toEqual([2]);
    expect(told).toEqual(["value"]);
  });

  test("that have no end are an error before they fill the memory", async () => {
    const piece = `${" ".repeat(2 ** 20)}\n`;
    const endless = function* (): Generator<string> {
      yield "[";
      for (;;) yield piece;
    };
    expect(await errorOf(readCluener(endless()))).toMatchObject({ code: "limit", line: 1 });
  });

  test("have ranges with their text, or are a DataError, in any text", async () => {
    const parts = [
      "{",
      "}",
      "[",
      "]",
      '{"text":"a😀"',
      ',"label":',
      "{}",
      '{"t":{"a":[[0,0]]}}',
      '{"t":{"😀":[[1,1]]}}',
    ];
    await fc.assert(
      fc.asyncProperty(anyText(...parts), async (file) => {
        try {
          for (const { text, entities = [] } of await gather(readCluener(file))) {
            for (const { text: name, start, end } of entities) expect(text.slice(start, end)).toBe(name);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
    );
  });
});
