import { describe, expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { Failure } from "../../failure.js";
import type { Cell, Column } from "../../rows/row.js";
import { type ElementCodec, openCodec } from "../elements.js";
import { outputLimits } from "../vector-output.js";
import { delimitedEncoder } from "./delimited.js";
import { jsonlEncoder } from "./jsonl.js";
import type { VectorEncoder } from "./vector-encoder.js";

const float32: ElementCodec = await openCodec("float32", 3);
const vector = Float32Array.of(0.1, -0, 1);
const column = (name: string): Column => ({ name, type: "json" });
const orderOf = (...names: string[]) => ({ columns: names.map(column), limits: outputLimits });
const lineOf = (encoder: VectorEncoder, text: string, ...cells: Cell[]) =>
  String(encoder.append({ text, cells, place: "a.csv:1" }, vector));

describe("JSON lines", () => {
  test("have the kept columns, the text and the fewest digits that give the same float32", () => {
    expect(lineOf(jsonlEncoder(float32, orderOf()), 'a "b"\n\ud800\0')).toBe(
      '{"text":"a \\"b\\"\\n\\ud800\\u0000","vector":[0.1,-0,1]}\n',
    );
    const kept = jsonlEncoder(float32, orderOf("id", 'q"'));
    expect(lineOf(kept, "t", 12345678901234567890n, new Date(0))).toBe(
      '{"id":12345678901234567890,"q\\"":"1970-01-01T00:00:00.000Z","text":"t","vector":[0.1,-0,1]}\n',
    );
  });

  test("say null for what JSON cannot", () => {
    const line = lineOf(jsonlEncoder(float32, orderOf("a")), "t", [Number.NaN, new Date(Number.NaN), { b: -0, c: 2n }]);
    expect(line).toBe('{"a":[null,null,{"b":0,"c":2}],"text":"t","vector":[0.1,-0,1]}\n');
  });

  test("of float16 have the digits of its values, of whole numbers whole numbers", async () => {
    const half = await openCodec("float16", 2);
    const row = { text: "", cells: [], place: "" };
    const line = jsonlEncoder(half, orderOf()).append(row, half.convert(Float32Array.of(0.1, 65504)));
    expect(String(line)).toBe('{"text":"","vector":[0.099975586,65504]}\n');
    const signs = await openCodec("binary", 9);
    const bits = jsonlEncoder(signs, orderOf()).append(row, signs.convert(new Float32Array(9).fill(1)));
    expect(String(bits)).toBe('{"text":"","vector":[127,0]}\n');
  });

  test("have no NaN and no infinity, and say where and what to do", () => {
    for (const value of [Number.NaN, Infinity]) {
      const write = () =>
        jsonlEncoder(float32, orderOf()).append({ text: "", cells: [], place: "a.csv:7" }, Float32Array.of(1, value));
      expect(write).toThrow(Failure);
      expect(write).toThrow(/^a\.csv:7: the vector of this row has NaN or infinity/);
    }
  });
});

describe.each([",", "\t"] as const)("a table with %j", (delimiter) => {
  const read = (bytes: string) => parse(bytes, { delimiter, relax_quotes: false }) as string[][];

  test("has a header, vectors as JSON, and nothing for what is absent", () => {
    const encoder = delimitedEncoder(float32, orderOf("a", 'b"', "c"), delimiter);
    const lines =
      String(encoder.start()) + lineOf(encoder, "", null, true, new Date(0)) + lineOf(encoder, "x", "", 1n, [1]);
    expect(read(lines)).toEqual([
      ["a", 'b"', "c", "text", "vector"],
      ["", "true", "1970-01-01T00:00:00.000Z", "", "[0.1,-0,1]"],
      ["", "1", "[1]", "x", "[0.1,-0,1]"],
    ]);
    const fields = lines.split("\n")[1]?.split(delimiter);
    expect(fields?.slice(0, 4)).toEqual(["", "true", "1970-01-01T00:00:00.000Z", '""']);
  });

  test("gives back whatever stands in a field", () => {
    const special = fc.constantFrom('"', ",", "\t", "\n", "\r", " ", "'");
    const character = fc.oneof(special, fc.string({ unit: "binary", minLength: 1, maxLength: 1 }));
    const field = fc.string({ unit: character });
    const encoder = delimitedEncoder(float32, orderOf("a"), delimiter);
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }), (rows) => {
        const lines = rows.map(([cell, text]) => lineOf(encoder, text, cell)).join("");
        expect(read(lines)).toEqual(rows.map(([cell, text]) => [cell, text, "[0.1,-0,1]"]));
      }),
    );
  });
});
