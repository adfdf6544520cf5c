import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Cell } from "../rows/row.js";
import { cellFromJson, cellToJson } from "./cell-json.js";
import { readSpool, type SpooledRow, spoolEncoder } from "./spool.js";

const cell: fc.Arbitrary<Cell> = fc.letrec<{ cell: Cell }>((tie) => ({
  cell: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: "binary" }),
    fc.constantFrom("\ud800", "__proto__"),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
    fc.array(tie("cell"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "bigint", "date", "1")), tie("cell"), {
      maxKeys: 3,
    }),
  ),
})).cell;

describe("a cell as JSON", () => {
  test("comes back as it was, to the sign of zero", () => {
    fc.assert(
      fc.property(cell, (value) => {
        expect(cellFromJson(JSON.parse(JSON.stringify(cellToJson(value))))).toEqual(value);
      }),
    );
  });

  test("of a time that is none is a time that is none", () => {
    const invalid = cellFromJson(cellToJson(new Date(Number.NaN)));
    expect(invalid).toBeInstanceOf(Date);
    expect((invalid as Date).getTime()).toBeNaN();
  });

  test("is another for each other cell", () => {
    const alike: Cell[] = [
      "1",
      1,
      1n,
      true,
      [1],
      { number: "1" },
      { bigint: "1" },
      new Date(1),
      null,
      Number.NaN,
      -0,
      0,
    ];
    expect(new Set(alike.map((value) => JSON.stringify(cellToJson(value)))).size).toBe(alike.length);
  });
});

describe("a spool", () => {
  const width = 3;
  const row = fc.record({ text: fc.string({ unit: "binary" }), cells: fc.array(cell, { maxLength: 2 }) });

  async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  test("gives back its rows, in whatever pieces it is read", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        const encoder = spoolEncoder({ keepsRows: true });
        const vectorOf = (i: number) => Float32Array.of(i, -i / 3, 1e-40);
        const bytes = Buffer.concat(
          rows.map((item, i) => encoder.append({ ...item, place: "" }, vectorOf(i)) ?? new Uint8Array(0)),
        );
        const read: SpooledRow[] = [];
        for await (const item of readSpool(piecesOf(bytes, size), width)) read.push(item);
        expect(read.map(({ row: { text, cells } }) => ({ text, cells }))).toEqual(rows);
        expect(read.map(({ vector }) => vector)).toEqual(rows.map((_, i) => vectorOf(i)));
      }),
    );
  });

  test("takes no vector that 256 steps cannot say, and says of which row", () => {
    const encoder = spoolEncoder({ keepsRows: false });
    const write = () => encoder.append({ text: "", cells: [], place: "a.csv:3" }, Float32Array.of(1, Number.NaN, 1));
    expect(write).toThrow(/^a\.csv:3: the vector of this row has NaN or infinity/);
  });
});
