import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { cellsAt, columns, textAt, vectorAt, width } from "../../fixtures/vector-runs.js";
import type { Cell, ColumnType } from "../../rows/row.js";
import { type Elements, openCodec } from "../elements.js";
import { type ElementType, elementTypes } from "../output-form.js";
import { outputLimits } from "../vector-output.js";
import { parquetEncoder } from "./parquet.js";
import { parquetColumn } from "./parquet-columns.js";
import { readGroups } from "./parquet-groups.js";
import { StateError } from "./vector-encoder.js";

/** A file of so many rows, in row groups of three. */
async function fileOf(type: ElementType, rows: number): Promise<{ bytes: Buffer; elements: Elements[] }> {
  const codec = await openCodec(type, width);
  const limits = { ...outputLimits, groupRows: { min: 3, max: 3 } };
  const encoder = parquetEncoder(codec, { columns, limits });
  const elements = Array.from({ length: rows }, (_, row) => codec.convert(vectorAt(row)));
  const parts = elements.map((vector, row) =>
    encoder.append({ text: textAt(row), cells: cellsAt(row), place: "" }, vector),
  );
  const bytes = Buffer.concat([encoder.start(), ...parts.map((part) => part ?? Buffer.alloc(0)), encoder.finish()]);
  return { bytes, elements: elements.map(codec.numbers) };
}

const bufferOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

describe("a file of Parquet", () => {
  test.each(elementTypes)("of %s has the rows that were written", async (type) => {
    const { bytes, elements } = await fileOf(type, 10);
    const rows = await parquetReadObjects({ file: bufferOf(bytes) });
    expect(rows.map(({ text }) => text)).toEqual(rows.map((_, row) => textAt(row)));
    expect(rows.map(({ vector }) => [...(vector as Iterable<number>)])).toEqual(elements.map((vector) => [...vector]));
    const { nested, ...first } = rows[1] as Record<string, unknown>;
    expect(first).toMatchObject({ name: "n1", share: 1 / 3, big: 10n ** 16n, yes: false, at: new Date(1.7e12 + 1) });
    expect(nested).toMatchObject({ list: [1, null, "x"] });
    expect(columns.map(({ name }) => rows[3]?.[name] ?? null)).toEqual(columns.map(() => null));
  });

  test("has its rows in groups, types that say what they are, and no list or element that may be absent", async () => {
    const { bytes } = await fileOf("float16", 10);
    const metadata = parquetMetadata(bufferOf(bytes));
    expect(metadata.row_groups.map(({ num_rows }) => num_rows)).toEqual([3n, 3n, 3n, 1n]);
    const described = metadata.schema
      .slice(1)
      .map(({ name, repetition_type, type, converted_type, logical_type }) =>
        [name, repetition_type, type, converted_type ?? logical_type?.type].join(" ").trim(),
      );
    expect(described).toEqual([
      "name OPTIONAL BYTE_ARRAY UTF8",
      "share OPTIONAL DOUBLE",
      "big OPTIONAL INT64",
      "yes OPTIONAL BOOLEAN",
      "at OPTIONAL INT64 TIMESTAMP_MILLIS",
      "nested OPTIONAL BYTE_ARRAY JSON",
      "text REQUIRED BYTE_ARRAY UTF8",
      "vector REQUIRED  LIST",
      "list REPEATED",
      "element REQUIRED FIXED_LEN_BYTE_ARRAY FLOAT16",
    ]);
  });

  test("of no rows is a file with a schema", async () => {
    const { bytes } = await fileOf("float32", 0);
    expect(await parquetReadObjects({ file: bufferOf(bytes) })).toEqual([]);
    expect(parquetMetadata(bufferOf(bytes)).num_rows).toBe(0n);
  });

  test("ends a row group early where its texts are long", async () => {
    const codec = await openCodec("float32", 1);
    const encoder = parquetEncoder(codec, { columns: [], limits: { ...outputLimits, groupBytes: 100 } });
    const sizes = [150, 150, 150, 150, 10].map(
      (length) => encoder.append({ text: "x".repeat(length), cells: [], place: "" }, Float32Array.of(1)) !== undefined,
    );
    expect(sizes).toEqual([false, false, true, false, false]);
  });
});

describe("a kept column", () => {
  const valueIn = (type: ColumnType, cell: Cell) => parquetColumn({ name: "stars", type }).toValue(cell, "a.jsonl:12");

  test("takes the cells of its type and absent ones", () => {
    expect(valueIn("integer", 5)).toBe(5n);
    expect(valueIn("integer", -(2n ** 63n))).toBe(-(2n ** 63n));
    expect(valueIn("number", 2n ** 60n)).toBe(2 ** 60);
    expect(valueIn("json", "a")).toBe('"a"');
    for (const type of ["string", "number", "integer", "boolean", "timestamp", "json"] as const) {
      expect(valueIn(type, null)).toBe(null);
    }
  });

  test.each<[ColumnType, Cell, string]>([
    ["integer", 1.5, 'a.jsonl:12: column "stars" has whole numbers so far, and here 1.5'],
    ["integer", 2n ** 63n, "whole numbers so far, and here 9223372036854775808"],
    ["number", 2n ** 53n + 1n, "numbers so far, and here 9007199254740993"],
    ["number", "5", 'numbers so far, and here "5"'],
    ["string", 5, "strings so far, and here 5"],
    ["boolean", 0, "true and false so far, and here 0"],
    ["timestamp", "1970-01-01", 'times so far, and here "1970-01-01"'],
    ["string", { a: "b".repeat(80) }, `and here {"a":"${"b".repeat(54)}…`],
  ])("of %s refuses %j and says where", (type, cell, sentence) => {
    expect(() => valueIn(type, cell)).toThrow(sentence);
  });
});

describe("row groups of an interrupted run", () => {
  test("are none where the state is anything else", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (state, bytes) => {
        fc.pre(!(Array.isArray(state) && state.length === 0 && bytes === 4));
        expect(() => readGroups(state, bytes, 2)).toThrow(StateError);
      }),
    );
  });
});
