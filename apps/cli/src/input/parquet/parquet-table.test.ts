import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { compress, init } from "@bokuweb/zstd-wasm";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { SchemaElement } from "hyparquet";
import { type ColumnSource, type ParquetWriteOptions, parquetWriteBuffer } from "hyparquet-writer";
import { collected } from "../../fixtures/chunks.js";
import type { Cell } from "../../rows/row.js";
import type { Choice, Header, TableRow } from "../table.js";
import { parquetTable } from "./parquet-table.js";

let folder: string;
beforeAll(async () => {
  await init();
  folder = await mkdtemp(join(tmpdir(), "bertkit-parquet-"));
});
afterAll(() => rm(folder, { recursive: true }));

const written = (columnData: readonly ColumnSource[], options: Partial<ParquetWriteOptions> = {}): Buffer =>
  Buffer.from(parquetWriteBuffer({ columnData: [...columnData], ...options }));

interface Read {
  readonly header: Header | undefined;
  readonly rows: readonly TableRow[];
}

async function read(
  bytes: Uint8Array,
  choice: Partial<Choice> = {},
  signal = new AbortController().signal,
): Promise<Read> {
  const path = join(folder, "t.parquet");
  await writeFile(path, bytes);
  const table = await parquetTable(path, 0, signal);
  try {
    const rows = await collected(table.rows({ text: "text", kept: [], all: false, ...choice }));
    return { header: table.header, rows };
  } finally {
    await table.close();
  }
}

const failureOf = (bytes: Uint8Array, choice?: Partial<Choice>): Promise<unknown> =>
  read(bytes, choice).catch((error: unknown) => error);

const texts = Array.from({ length: 1000 }, (_, i) => `text ${i % 7 === 0 ? "again" : i}`);
const text: ColumnSource = { name: "text", data: texts };

describe("parquetTable", () => {
  test.each(["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI", "ZSTD"] as const)(
    "reads %s over row groups and pages",
    async (codec) => {
      const compressors = { GZIP: gzipSync, BROTLI: brotliCompressSync, ZSTD: (page: Uint8Array) => compress(page) };
      const numbers: ColumnSource = { name: "n", data: texts.map((_, i) => (i % 3 === 0 ? null : i)), nullable: true };
      const bytes = written([text, numbers], { codec, compressors, rowGroupSize: 300, pageSize: 500 });
      const { rows } = await read(bytes, { kept: ["n"] });
      expect(rows.map(({ text }) => text)).toEqual(texts);
      expect(rows.map(({ cells }) => cells[0])).toEqual(numbers.data);
      expect(rows[301]?.place).toMatch(/t\.parquet:row 302$/);
      expect(rows.at(-1)?.position).toBe(bytes.length);
    },
  );

  test.each(["PLAIN", "RLE_DICTIONARY", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"] as const)(
    "reads texts encoded as %s",
    async (encoding) => {
      const { rows } = await read(written([{ ...text, type: "STRING", encoding }], { pageSize: 900 }));
      expect(rows.map(({ text }) => text)).toEqual(texts);
    },
  );

  test("makes cells of what columns are", async () => {
    const columns: ColumnSource[] = [
      { name: "text", data: ["\ufeffa", "🚀"], type: "STRING" },
      { name: "yes", data: [true, false], type: "BOOLEAN" },
      { name: "long", data: [1n, 2n ** 60n], type: "INT64" },
      { name: "half", data: [0.5, -1.5], type: "DOUBLE" },
      { name: "time", data: [new Date(0), new Date("2024-02-29T12:00:00.5Z")], type: "TIMESTAMP" },
      { name: "json", data: [{ a: [1] }, null], type: "JSON", nullable: true },
      {
        name: "id",
        data: ["00000000-0000-0000-0000-000000000001", "123e4567-e89b-12d3-a456-426614174000"],
        type: "UUID",
      },
    ];
    const names = columns.map(({ name }) => name);
    const { header, rows } = await read(written(columns), { kept: names });
    const types = ["string", "boolean", "integer", "number", "timestamp", "json", "string"];
    expect(header?.columns).toEqual(names.map((name, i) => ({ name, type: types[i] })));
    const expected = (row: number): Cell[] =>
      columns.map(({ name, data }) => (name === "long" && row === 0 ? 1 : data[row]));
    expect(rows.map(({ cells }) => cells)).toEqual([expected(0), expected(1)]);
  });

  test("reads decimals without rounding, and what is nested", async () => {
    const schema: SchemaElement[] = [
      { name: "root", num_children: 4 },
      { name: "text", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
      { name: "price", type: "INT32", converted_type: "DECIMAL", precision: 9, scale: 2, repetition_type: "REQUIRED" },
      { name: "tags", converted_type: "LIST", num_children: 1, repetition_type: "OPTIONAL" },
      { name: "list", num_children: 1, repetition_type: "REPEATED" },
      { name: "element", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "pair", num_children: 2, repetition_type: "OPTIONAL" },
      { name: "x", type: "INT64", repetition_type: "OPTIONAL" },
      { name: "y", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
    ];
    const tags = [["a", null], null, [], ["b"]];
    const pairs = [{ x: 1n, y: "a" }, null, { x: null, y: "b" }, { x: 2n ** 60n, y: "c" }];
    const bytes = written(
      [
        { name: "text", data: ["a", "b", "c", "d"] },
        { name: "price", data: [1.15, -0.01, 0, 123456.7] },
        { name: "tags", data: tags },
        { name: "pair", data: pairs },
      ],
      { schema, rowGroupSize: 3, pageSize: 1 },
    );
    const { header, rows } = await read(bytes, { kept: ["price", "tags", "pair"] });
    expect(header?.columns.map(({ type }) => type)).toEqual(["string", "number", "json", "json"]);
    expect(rows.map(({ cells }) => cells)).toEqual([
      [1.15, ["a", null], { x: 1, y: "a" }],
      [-0.01, null, null],
      [0, [], { x: null, y: "b" }],
      [123456.7, ["b"], { x: 2n ** 60n, y: "c" }],
    ]);
  });

  test("reads only what is chosen, and counts rows where nothing is", async () => {
    const bytes = written([text, { name: "n", data: texts.map((_, i) => i), type: "INT32" }], {
      codec: "UNCOMPRESSED",
    });
    expect((await read(bytes, { text: undefined })).rows).toHaveLength(texts.length);
    // Past the first column nothing is looked at, whatever it became.
    const second = bytes.indexOf(Buffer.of(1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0));
    bytes.fill(0xff, second - 16, second + 400);
    expect((await read(bytes)).rows.map(({ text }) => text)).toEqual(texts);
    expect(await failureOf(bytes, { kept: ["n"] })).toMatchObject({ name: "Failure" });
  });

  test("a file without rows has none", async () => {
    const { header, rows } = await read(written([{ name: "text", data: [], type: "STRING" }]));
    expect([header?.columns, rows]).toEqual([[{ name: "text", type: "string" }], []]);
  });

  test("a text that is null is an error that says where", async () => {
    const bytes = written([{ name: "text", data: ["a", null], nullable: true, type: "STRING" }]);
    expect(await failureOf(bytes)).toMatchObject({
      message: expect.stringMatching(/t\.parquet:row 2: "text" is null, wanted a text$/),
      hint: expect.stringContaining("leave such rows out"),
    });
  });

  test("an abort ends it", async () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await expect(read(written([text]), {}, stop.signal)).rejects.toThrow("enough");
  });
});

describe("a file that is wrong", () => {
  const whole = (): Buffer =>
    written([text, { name: "n", data: texts.map((_, i) => i), type: "INT32" }], { pageSize: 900 });
  const changed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = whole();
    change(bytes);
    return bytes;
  };

  test.each([
    ["nothing", Buffer.alloc(0), /this is not Parquet/, /--format/],
    ["text", Buffer.from("id,text\n1,a long line\n"), /this is not Parquet/, /--format/],
    ["its beginning", whole().subarray(0, -20), /this Parquet file ends in the middle/, /again/],
    ["encrypted", changed((bytes) => bytes.write("PARE", bytes.length - 4)), /is encrypted/, /without encryption/],
    [
      "a footer longer than itself",
      changed((bytes) => bytes.writeUInt32LE(2 ** 30, bytes.length - 8)),
      /longer than the file/,
      /again/,
    ],
    ["a footer too short", changed((bytes) => bytes.writeUInt32LE(20, bytes.length - 8)), /is broken/, /again/],
    ["pages of zeros", changed((bytes) => bytes.fill(0, 4, 200)), /is broken/, /write it anew/],
  ])("%s", async (_what, bytes, message, hint) => {
    expect(await failureOf(bytes)).toMatchObject({
      name: "Failure",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test("a footer of other numbers of rows", async () => {
    const bytes = whole();
    const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
    // The rows of the file and of its group: 1000, doubled by the zigzag of their encoding.
    const rows = Buffer.of(0xd0, 0x0f);
    const first = bytes.indexOf(rows, footer);
    bytes[first] = 0xd2;
    expect(await failureOf(bytes)).toMatchObject({ message: expect.stringMatching(/it has 1000 rows and says 1001$/) });
  });

  const place = fc.record({
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    byte: fc.nat(255),
    isNearEnd: fc.boolean(),
  });
  test("whatever bytes are changed, it ends with rows or with a sentence, in no more memory", async () => {
    const bytes = whole();
    const footer = bytes.readUInt32LE(bytes.length - 8) + 8;
    await fc.assert(
      fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 4 }), async (places) => {
        const wrong = Buffer.from(bytes);
        for (const { at, byte, isNearEnd } of places) {
          wrong[Math.floor(isNearEnd ? bytes.length - footer * (1 - at) : bytes.length * at)] = byte;
        }
        const outcome = await failureOf(wrong, { kept: ["n"] });
        if (outcome instanceof Error) expect(outcome).toMatchObject({ name: "Failure", hint: expect.any(String) });
        else expect(outcome).toHaveProperty("rows");
      }),
      { numRuns: 300 },
    );
  });
});
