import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { memoryBytes } from "../bytes/memory-bytes.js";
import { CheckpointError } from "../checkpoint-error.js";
import type { CheckpointSource } from "../checkpoint-source.js";
import { npyFile } from "../fixtures/npy-file.js";
import { zipArchive } from "../fixtures/zip-archive.js";
import { readZip } from "../zip/read-zip.js";
import { isNpzZip, openNpz } from "./npz-source.js";

type Arrays = Readonly<Record<string, Uint8Array>>;

function archiveOf(arrays: Arrays, deflated = false): Uint8Array {
  return zipArchive(Object.entries(arrays).map(([name, content]) => ({ name: `${name}.npy`, content, deflated })));
}

async function npz(archive: Uint8Array): Promise<CheckpointSource> {
  const bytes = memoryBytes(archive, "a.npz");
  return openNpz(bytes, await readZip(bytes));
}

const one = async (file: Uint8Array) => npz(archiveOf({ one: file }));
const count = (length: number) => Float32Array.from({ length }, (_, i) => i);

describe("an npz file", () => {
  test("is told by the names in it", () => {
    expect(isNpzZip(["a.npy", "b/c.npy"])).toBe(true);
    expect(isNpzZip(["a.npy", "config.json"])).toBe(false);
    expect(isNpzZip([])).toBe(false);
  });

  test.each([
    ["stored", false],
    ["compressed", true],
  ])("gives arrays by their names, whole and by rows, %s", async (_, deflated) => {
    const source = await npz(
      archiveOf(
        {
          "bert/words": npyFile(count(6), { shape: "(3, 2)" }),
          ids: npyFile(new BigInt64Array([7n, -8n]), { descr: "'<i8'", shape: "(2L,)", version: 2 }),
          mask: npyFile([1, 0], { descr: '"|b1"', shape: "(2,)", version: 3 }),
          scalar: npyFile(new Float64Array([2.5]), { descr: "'<f8'", shape: "()" }),
          half: npyFile(new Uint16Array([0x3c00, 0xc000]), { descr: "'<f2'", shape: "(2,)" }),
        },
        deflated,
      ),
    );
    expect([...source.entries].map(([name, { shape, dtype }]) => [name, shape, dtype])).toEqual([
      ["bert/words", [3, 2], "float32"],
      ["ids", [2], "int64"],
      ["mask", [2], "bool"],
      ["scalar", [], "float64"],
      ["half", [2], "float16"],
    ]);
    expect(await source.read("bert/words")).toEqual(count(6));
    expect(await source.read("bert/words", { rows: [1, 2] })).toEqual(new Float32Array([2, 3]));
    expect(await source.read("ids")).toEqual(new Int32Array([7, -8]));
    expect(await source.read("bert/words", { rows: [2, 3] })).toEqual(new Float32Array([4, 5]));
    expect(await source.read("mask")).toEqual(new Int32Array([1, 0]));
    expect(await source.read("scalar")).toEqual(new Float64Array([2.5]));
    expect(await source.read("half")).toEqual(new Float32Array([1, -2]));
    await source.close();
    await expect(source.read("ids")).rejects.toMatchObject({ code: "closed" });
  });

  test("of big-endian arrays gives their numbers", async () => {
    const source = await one(npyFile([0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0], { descr: "'>f4'" }));
    expect(await source.read("one")).toEqual(new Float32Array([1, -2]));
    const wide = await one(npyFile([0, 0, 0, 0, 0, 0, 1, 0], { descr: "'>i8'", shape: "(1,)" }));
    expect(await wide.read("one")).toEqual(new Int32Array([256]));
  });

  test("of a column-major array gives rows, whole and in part", async () => {
    // [[0, 1, 2], [3, 4, 5]], column by column.
    const file = npyFile(new Float32Array([0, 3, 1, 4, 2, 5]), { fortran: "True", shape: "(2, 3)" });
    const source = await one(file);
    expect(await source.read("one")).toEqual(count(6));
    expect(await source.read("one", { rows: [1, 2] })).toEqual(new Float32Array([3, 4, 5]));
    expect(await source.read("one", { rows: [1, 1] })).toEqual(new Float32Array(0));
  });

  test("of a column-major array of any shape and size of element gives what a row-major one does", async () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(shapes, fc.nat(), fc.nat(), fc.boolean(), async (shape, a, b, isWide) => {
        const values = count(shape.reduce((product, extent) => product * extent, 1));
        const stored = new (isWide ? Float64Array : Float32Array)(values.length);
        for (const [i, value] of values.entries()) stored[columnMajorIndex(i, shape)] = value;
        const descr = isWide ? "'<f8'" : "'<f4'";
        const source = await one(npyFile(stored, { descr, fortran: "True", shape: `(${shape.join(", ")},)` }));
        const [rows = 1] = shape;
        const [from = 0, to = 0] = [a % (rows + 1), b % (rows + 1)].sort((left, right) => left - right);
        const rowLength = values.length / rows;
        const into = new Float32Array((to - from) * rowLength);
        expect(await source.read("one", { rows: [from, to], into })).toEqual(
          values.slice(from * rowLength, to * rowLength),
        );
      }),
    );
  });

  test("of a large column-major array reads a row by its elements", async () => {
    const rows = 40_000;
    const stored = Float32Array.from({ length: rows * 3 }, (_, i) => i);
    const source = await one(npyFile(stored, { fortran: "True", shape: `(${rows}, 3)` }));
    expect(await source.read("one", { rows: [7, 9] })).toEqual(
      new Float32Array([7, rows + 7, 2 * rows + 7, 8, rows + 8, 2 * rows + 8]),
    );
    const narrowed = new Float32Array(stored.length);
    await source.read("one", { into: narrowed });
    expect(narrowed.every((value, i) => value === (i % 3) * rows + Math.floor(i / 3))).toBe(true);
  });

  test.each([
    ["Python objects", "'|O'", "object", "stores as a pickle, a program; it is not run"],
    ["structures", "[('a', '<f4'), ('b', '<i4', (2,))]", "structure", "save each field as an array of its own"],
    ["texts", "'<U2'", "string", "listed but not read"],
    ["dates", "'<M8[ns]'", "datetime64", "listed but not read"],
    ["complex numbers", "'<c16'", "complex128", "listed but not read"],
  ])("lists %s and does not read them", async (_, descr, dtype, message) => {
    const source = await one(npyFile(new Uint8Array(40), { descr }));
    expect(source.entries.get("one")).toMatchObject({ dtype });
    await expect(source.read("one")).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining(message),
    });
  });

  test.each([
    ["a shape larger than its bytes", { shape: "(3,)" }, "truncated"],
    ["a shape smaller than its bytes", { shape: "(1,)" }, "malformed"],
    ["10^12 elements", { shape: "(1000000, 1000000)" }, "truncated"],
    ["more elements than can be counted", { shape: "(1000000000000, 1000000000000)" }, "malformed"],
    ["an extent that is no number", { shape: "(9007199254740993,)" }, "malformed"],
    ["a negative extent", { shape: "(-2,)" }, "malformed"],
    ["a shape that is no tuple", { shape: "2" }, "malformed"],
    ["a shape of texts", { shape: "('2',)" }, "malformed"],
    ["an order that is no boolean", { fortran: "'True'" }, "malformed"],
    ["no type", { descr: "'<q9'" }, "malformed"],
    ["a type that is a number", { descr: "4" }, "malformed"],
    ["a call", { descr: "__import__('os').system('id')" }, "malformed"],
    ["a name twice", { text: "{'shape': (2,), 'shape': (2,)}" }, "malformed"],
    ["a name too many", { descr: "'<f4', 'more': 1" }, "malformed"],
    ["a name too few", { text: "{'descr': '<f4'}" }, "malformed"],
    ["no dict", { text: "" }, "malformed"],
    ["a dict without end", { text: "{'descr': " }, "malformed"],
    ["something after the dict", { text: "{} {}" }, "malformed"],
    ["a list in a list, and so on", { descr: "[".repeat(1000) }, "malformed"],
    ["a version of the future", { version: 4 }, "unsupported"],
    ["a header without end", { text: " ".repeat(70_000), version: 2 }, "malformed"],
  ])("is refused with %s", async (_, header, code) => {
    await expect(one(npyFile(new Float32Array(2), header))).rejects.toMatchObject({ code });
  });

  test("is refused wherever an array in it is cut, and whatever else a byte says", async () => {
    const file = npyFile(count(4), { shape: "(2, 2)", fortran: "True" });
    for (let length = 0; length < file.length; length++) {
      await expect(one(file.subarray(0, length))).rejects.toBeInstanceOf(CheckpointError);
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.nat(255), async (at, value) => {
        const altered = Uint8Array.from(file, (byte, i) => (i === at ? value : byte));
        const reading = one(altered).then((source) => source.read("one"));
        await reading.catch((error: unknown) => expect(error).toBeInstanceOf(CheckpointError));
      }),
    );
  });
});

function columnMajorIndex(rowMajorIndex: number, shape: readonly number[]): number {
  let rest = rowMajorIndex;
  const indices = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return indices.reduceRight((index, position, axis) => index * shape[axis]! + position, 0);
}
