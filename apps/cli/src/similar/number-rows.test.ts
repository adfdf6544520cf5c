import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Failure } from "../failure.js";
import type { Chunk } from "../input/chunk.js";
import { NumberRows } from "./number-rows.js";

const name = "v.npy";

/** An .npy file: its dictionary, of which `fields` are other than usual, and the bytes of its numbers. */
function npy(fields: Record<string, string>, data: Uint8Array, version: readonly [number, number] = [1, 0]): Buffer {
  const all = { descr: "'<f4'", fortran_order: "False", shape: "(2, 3)", ...fields };
  const pairs = Object.entries(all).map(([key, value]) => `'${key}': ${value}, `);
  const start = version[0] === 1 ? 10 : 12;
  const description = Buffer.alloc(128 - start, " ");
  description.write(`{${pairs.join("")}}`, "latin1");
  description.write("\n", description.length - 1);
  const length = Buffer.alloc(start - 8);
  if (start === 10) length.writeUInt16LE(description.length);
  else length.writeUInt32LE(description.length);
  return Buffer.concat([Buffer.from("\x93NUMPY", "latin1"), Buffer.from(version), length, description, data]);
}

const bytesOf = (values: ArrayBufferView): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
const sixFloats = bytesOf(Float32Array.of(1, 2, 3, -0.5, 0, 1e-3));

/** The rows of a file that comes in pieces of so many bytes. */
async function rowsOf(file: Uint8Array, piece = 7): Promise<number[][]> {
  async function* chunks(): AsyncGenerator<Chunk> {
    for (let from = 0; from < file.length; from += piece) {
      const bytes = file.subarray(from, from + piece);
      yield { bytes, from, to: from + bytes.length };
    }
  }
  const rows = new NumberRows(chunks(), name);
  await rows.readHeader();
  const result: number[][] = [];
  for await (const { vector } of rows.vectors()) result.push([...vector]);
  return result;
}

describe("NumPy's files", () => {
  test.each<[string, ArrayBufferView, number[][]]>([
    [
      "<f4",
      Float32Array.of(1, 2, 3, -0.5, 0, 0.25),
      [
        [1, 2, 3],
        [-0.5, 0, 0.25],
      ],
    ],
    [
      "<f2",
      Uint16Array.of(0x3c00, 0x4000, 0x4200, 0xb800, 0, 0x3400),
      [
        [1, 2, 3],
        [-0.5, 0, 0.25],
      ],
    ],
    [
      "<f8",
      Float64Array.of(1, 2, 3, -0.5, 0, 0.25),
      [
        [1, 2, 3],
        [-0.5, 0, 0.25],
      ],
    ],
    [
      "|i1",
      Int8Array.of(1, 2, 3, -128, 0, 127),
      [
        [1, 2, 3],
        [-128, 0, 127],
      ],
    ],
    [
      "|u1",
      Uint8Array.of(129, 130, 131, 0, 128, 255),
      [
        [1, 2, 3],
        [-128, 0, 127],
      ],
    ],
  ])("rows of %s are read", async (type, values, rows) => {
    expect(await rowsOf(npy({ descr: `'${type}'` }, bytesOf(values)))).toEqual(rows);
  });

  test("version 2.0 is read, however the bytes come", async () => {
    const file = npy({ shape: "(1, 2)" }, bytesOf(Float32Array.of(4, 5)), [2, 0]);
    for (const piece of [1, 5, 1000]) expect(await rowsOf(file, piece)).toEqual([[4, 5]]);
  });

  test("an array of no rows has none", async () => {
    expect(await rowsOf(npy({ shape: "(0, 3)" }, new Uint8Array(0)))).toEqual([]);
  });

  test("a row knows its place and where it ends", async () => {
    const file = npy({}, sixFloats);
    async function* chunks(): AsyncGenerator<Chunk> {
      yield { bytes: file, from: 1000, to: 1000 + file.length };
    }
    const rows = new NumberRows(chunks(), name);
    await rows.readHeader();
    expect(rows.width).toBe(3);
    const found = [];
    for await (const { place, position } of rows.vectors()) found.push([place, position]);
    expect(found).toEqual([
      ["v.npy:1", 1140],
      ["v.npy:2", 1152],
    ]);
  });

  test.each<[string, Buffer, RegExp]>([
    ["another format", Buffer.from("PK\x03\x04 a zip archive"), /v\.npy: this is not NumPy's format/],
    ["an empty file", Buffer.alloc(0), /not NumPy's format/],
    ["version 3.0", npy({}, sixFloats, [3, 0]), /wanted version 1\.0 or 2\.0 .* this is 3\.0/],
    ["big-endian numbers", npy({ descr: "'>f4'" }, sixFloats), /wanted numbers as float16, .* these are >f4/],
    ["objects, which could run code", npy({ descr: "'|O'" }, sixFloats), /these are \|O/],
    ["one axis", npy({ shape: "(6,)" }, sixFloats), /shape \[rows, width\], this has \[6\]/],
    ["three axes", npy({ shape: "(1, 2, 3)" }, sixFloats), /this has \[1, 2, 3\]/],
    ["columns first", npy({ fortran_order: "True" }, sixFloats), /column after column/],
    ["rows wider than memory", npy({ shape: "(1, 9007199254740991)" }, sixFloats), /numbers a row are no vector/],
    ["rows of nothing", npy({ shape: "(9, 0)" }, sixFloats), /0 numbers a row are no vector/],
    ["more rows than numbers can say", npy({ shape: "(9007199254740993, 3)" }, sixFloats), /header is damaged/],
    ["a key twice", npy({ " descr": "'<f4'" }, sixFloats), /header is damaged/],
    ["code for a value", npy({ shape: "__import__('os')" }, sixFloats), /header is damaged/],
    ["fewer bytes than rows", npy({}, sixFloats.subarray(0, 20)), /v\.npy:2: .* row 2 of 2, after 8 of 12 bytes/],
    ["a row missing", npy({}, sixFloats.subarray(0, 12)), /row 2 of 2, after 0 of 12 bytes/],
    ["more bytes than rows", npy({}, Buffer.concat([sixFloats, Buffer.of(0)])), /bytes after the last of 2 rows/],
  ])("%s is a failure that says what to do", async (_what, file, sentence) => {
    const reading = rowsOf(file);
    await expect(reading).rejects.toThrow(sentence);
    await expect(reading).rejects.toHaveProperty("hint", expect.stringMatching(/./));
  });

  test("no bytes in the place of a header make anything but rows or a failure", async () => {
    const file = npy({}, sixFloats);
    const damage = fc.array(fc.tuple(fc.integer({ min: 0, max: file.length - 1 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const damaged = Buffer.from(file);
        for (const [at, byte] of changes) damaged[at] = byte;
        const rows = await rowsOf(damaged, 64).catch((error: unknown) => error);
        expect(Array.isArray(rows) || rows instanceof Failure).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
