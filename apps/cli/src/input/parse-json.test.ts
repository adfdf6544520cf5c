import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Cell } from "../rows/row.js";
import { parseJson } from "./parse-json.js";

describe("parseJson", () => {
  test.each([
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", 9007199254740993n],
    ["-9007199254740993", -9007199254740993n],
    [
      '{"id":1152921504606846977,"n":[123456789012345678901234567890]}',
      {
        id: 1152921504606846977n,
        n: [123456789012345678901234567890n],
      },
    ],
    ["0.12345678901234567890", 0.12345678901234568],
    ["12345678901234567.5", 12345678901234568],
    ["12345678901234567890e3", 12345678901234567890e3],
    ['"12345678901234567890"', "12345678901234567890"],
    ['{"12345678901234567890":"a\\"12345678901234567890"}', { "12345678901234567890": 'a"12345678901234567890' }],
    ['["\\\\",12345678901234567890]', ["\\", 12345678901234567890n]],
  ])("%s keeps its digits where they matter", (source, value) => {
    expect(parseJson(source)).toEqual(value);
  });

  test.each(["", "{", "[1,]", "01234567890123456789", "12345678901234567890 1", '"12345678901234567890'])(
    "%j is no JSON",
    (source) => {
      expect(() => parseJson(source)).toThrow(SyntaxError);
    },
  );

  test("a long text and many digits are no trouble together", () => {
    const text = '\\"a'.repeat(2 ** 18);
    expect(parseJson(`["${text}",12345678901234567890]`)).toEqual([text.replaceAll("\\", ""), 12345678901234567890n]);
  });

  test("says what JSON.parse says, but for integers that it rounds", () => {
    fc.assert(
      fc.property(fc.json(), fc.bigInt(), (json, integer) => {
        expect(rounded(parseJson(json))).toEqual(JSON.parse(json));
        const [found, rest] = parseJson(`[${integer},${json}]`) as Cell[];
        expect(BigInt(found as number)).toBe(integer);
        expect(rounded(rest as Cell)).toEqual(JSON.parse(json));
      }),
    );
  });
});

function rounded(value: Cell): Cell {
  return JSON.parse(JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? Number(item) : item)));
}
