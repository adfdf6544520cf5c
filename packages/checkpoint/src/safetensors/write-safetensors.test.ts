import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ReadableDType } from "../index.js";
import { type LazyArray, type NamedArray, openCheckpoint, serializeSafetensors, writeSafetensors } from "../index.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-"));
});
afterEach(() => rm(folder, { recursive: true }));

const float = (name: string, numbers: number[], dtype: ReadableDType = "float32"): NamedArray => ({
  name,
  shape: [numbers.length],
  dtype,
  values: new Float32Array(numbers),
});
const integer = (name: string, numbers: number[], dtype: ReadableDType): NamedArray => ({
  name,
  shape: [numbers.length],
  dtype,
  values: new Int32Array(numbers),
});

function headerOf(file: Uint8Array): string {
  return new TextDecoder().decode(file.subarray(8, 8 + file[0]! + 256 * file[1]!));
}

describe("writing safetensors", () => {
  test("gives the bytes that the safetensors library gives", () => {
    const file = serializeSafetensors(
      [
        { name: "a", shape: [2, 1], dtype: "int8", values: new Int32Array([-1, 2]) },
        { name: "b", shape: [], dtype: "float32", values: new Float32Array([1]) },
      ],
      { metadata: { format: "pt" } },
    );
    const header =
      '{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"I8","shape":[2,1],"data_offsets":[4,6]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    const data = [0, 0, 0x80, 0x3f, 0xff, 2];
    expect(file).toEqual(
      new Uint8Array([padded.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(padded), ...data]),
    );
  });

  test("puts wider elements first, then goes by the names' UTF-8 bytes", () => {
    const arrays = [
      float("\uffee", []),
      float("😀", []),
      float("9", []),
      float("10", []),
      integer("i64", [], "int64"),
      integer("i32", [], "int32"),
      float("f16", [], "float16"),
      float("bf16", [], "bfloat16"),
      integer("bool", [], "bool"),
    ];
    const names = Object.entries(JSON.parse(headerOf(serializeSafetensors(arrays)))).map(([name]) => name);
    // JSON.parse puts names that look like integers first; in the file 10 and 9 come after i64.
    expect(names).toEqual(["9", "10", "i64", "\uffee", "😀", "i32", "bf16", "f16", "bool"]);
    expect(headerOf(serializeSafetensors(arrays))).toMatch(/^\{"i64":.*"10":.*"9":.*"\uffee":/);
  });

  test("is undone by reading, for every type, name and shape", async () => {
    const extremes: Record<ReadableDType, [number, number] | undefined> = {
      float64: undefined,
      float32: undefined,
      float16: undefined,
      bfloat16: undefined,
      int64: [-(2 ** 31), 2 ** 31 - 1],
      int32: [-(2 ** 31), 2 ** 31 - 1],
      int16: [-32768, 32767],
      int8: [-128, 127],
      uint64: [0, 2 ** 31 - 1],
      uint32: [0, 2 ** 31 - 1],
      uint16: [0, 65535],
      uint8: [0, 255],
      bool: [0, 1],
    };
    const array = fc
      .tuple(
        fc.string({ unit: "grapheme" }).filter((name) => name !== "__metadata__"),
        fc.constantFrom(...(Object.keys(extremes) as ReadableDType[])),
        fc.array(fc.nat(3), { maxLength: 3 }),
      )
      .chain(([name, dtype, shape]) => {
        const length = shape.reduce((product, extent) => product * extent, 1);
        const bounds = extremes[dtype];
        // Small integers are exact in every float type.
        const [min, max] = bounds ?? [-128, 127];
        return fc
          .array(fc.integer({ min, max }), { minLength: length, maxLength: length })
          .map((numbers): NamedArray => {
            if (bounds) return { name, dtype, shape, values: new Int32Array(numbers) };
            return { name, dtype, shape, values: new (dtype === "float64" ? Float64Array : Float32Array)(numbers) };
          });
      });
    const metadata = fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(array, { selector: ({ name }) => name }), metadata, async (arrays, notes) => {
        const file = serializeSafetensors(arrays, { metadata: notes });
        const source = await openCheckpoint(file);
        expect(Object.fromEntries(source.metadata)).toEqual({ ...notes });
        expect(source.entries.size).toBe(arrays.length);
        for (const { name, shape, dtype, values } of arrays) {
          expect(source.entries.get(name)).toMatchObject({ shape, dtype });
          expect(await source.read(name)).toEqual(values);
        }
        const path = join(folder, "a.safetensors");
        await writeSafetensors(path, arrays, { metadata: source.metadata });
        expect(new Uint8Array(await readFile(path))).toEqual(file);
      }),
      { numRuns: 60 },
    );
  });

  test("rounds to the nearest float16, and a float64 only once", async () => {
    const above = 1 + 2 ** -11 + 2 ** -40;
    const cases: [number, number][] = [
      [1 + 2 ** -11, 1], // halfway: to the even one
      [1 + 3 * 2 ** -11, 1 + 2 ** -9],
      [above, 1 + 2 ** -10], // through float32 it would be halfway
      [-above, -1 - 2 ** -10],
      [65519.99, 65504],
      [65520, Infinity],
      [-1e300, -Infinity],
      [2 ** -25, 0], // halfway to the least
      [2 ** -25 + 2 ** -60, 2 ** -24],
      [3 * 2 ** -25, 2 ** -23],
      [-(2 ** -26), -0],
      [(1023.5 / 1024) * 2 ** -14, 2 ** -14],
      [Number.NaN, Number.NaN],
    ];
    const values = Float64Array.from(cases, ([given]) => given);
    const source = await openCheckpoint(
      serializeSafetensors([{ name: "a", shape: [values.length], dtype: "float16", values }]),
    );
    expect(await source.read("a")).toEqual(Float32Array.from(cases, ([, rounded]) => rounded));
  });

  test("rounds to the nearest bfloat16, and a float64 only once", async () => {
    const cases: [number, number][] = [
      [1 + 2 ** -8, 1],
      [1 + 3 * 2 ** -8, 1 + 2 ** -6],
      [1 + 2 ** -8 + 2 ** -40, 1 + 2 ** -7],
      [3.3895e38, 255 * 2 ** 120],
      [3.4e38, Infinity],
      [3.5e38, Infinity],
      [1e-300, 0],
      [Number.NaN, Number.NaN],
    ];
    const values = Float64Array.from(cases, ([given]) => given);
    const source = await openCheckpoint(
      serializeSafetensors([{ name: "a", shape: [values.length], dtype: "bfloat16", values }]),
    );
    expect(await source.read("a")).toEqual(Float32Array.from(cases, ([, rounded]) => rounded));
  });

  test("keeps every float16 and bfloat16 as it is", async () => {
    for (const dtype of ["F16", "BF16"]) {
      const header = `{"a":{"dtype":"${dtype}","shape":[65536],"data_offsets":[0,131072]}}`.padEnd(80);
      const file = new Uint8Array([header.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(header)]);
      const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
      const source = await openCheckpoint(new Blob([file, halves]));
      const stored = source.entries.get("a")?.dtype as ReadableDType;
      const values = await source.read("a");
      const again = serializeSafetensors([{ name: "a", shape: [65536], dtype: stored, values }]);
      const written = new Uint16Array(again.slice(again.length - 131072).buffer);
      const quiet = dtype === "F16" ? 0x200 : 0x40;
      // A signalling NaN may only be quieted.
      const different = halves.filter((half, i) => written[i] !== half && written[i] !== (half | quiet));
      expect(different).toHaveLength(0);
    }
  });

  test("converts long arrays piece by piece", async () => {
    const count = 2 ** 21 + 5;
    const values = Float32Array.from({ length: count }, (_, i) => i % 2048);
    const pieces: number[] = [];
    const arrays: LazyArray[] = [{ name: "a", shape: [count], dtype: "float16", values }];
    await writeSafetensors({ write: (bytes) => void pieces.push(bytes.length) }, arrays);
    expect(pieces.slice(1)).toEqual([2 ** 22, 10]);
    const source = await openCheckpoint(
      serializeSafetensors([{ name: "a", shape: [count], dtype: "float16", values }]),
    );
    expect(await source.read("a")).toEqual(values);
  });

  test("asks for values one array at a time, in the file's order, once it has all names", async () => {
    const events: string[] = [];
    async function* arrays(): AsyncGenerator<LazyArray> {
      for (const name of ["b", "a"]) {
        events.push(`described ${name}`);
        const values = async () => {
          events.push(`made ${name}`);
          return new Float32Array(2);
        };
        yield { name, shape: [2], dtype: "float32", values };
      }
    }
    await writeSafetensors({ write: (bytes) => void events.push(`wrote ${bytes.length}`) }, arrays());
    expect(events).toEqual([
      "described b",
      "described a",
      expect.stringMatching(/^wrote 1/),
      "made a",
      "wrote 8",
      "made b",
      "wrote 8",
    ]);
  });

  test("leaves the old file as it was, and nothing else, when it fails or is stopped", async () => {
    const path = join(folder, "a.safetensors");
    await writeFile(path, "old");
    const failing = () => Promise.reject(new Error("no values today"));
    const array: LazyArray = { name: "a", shape: [1], dtype: "float32", values: failing };
    await expect(writeSafetensors(path, [array])).rejects.toThrow("no values today");
    const controller = new AbortController();
    const stopping = () => {
      controller.abort(new Error("stopped"));
      return new Float32Array(1);
    };
    const stopped = writeSafetensors(path, [{ ...array, values: stopping }], { signal: controller.signal });
    await expect(stopped).rejects.toThrow("stopped");
    const tooLong = writeSafetensors(path, [{ ...array, values: () => new Float32Array(2) }]);
    await expect(tooLong).rejects.toMatchObject({
      code: "argument",
      message: '"a": shape [1] has 1 elements, its values 2',
    });
    expect(await readdir(folder)).toEqual(["a.safetensors"]);
    expect(await readFile(path, "utf8")).toBe("old");
    await expect(writeSafetensors(join(folder, "none", "a"), [])).rejects.toMatchObject({ code: "missing" });
    await expect(writeSafetensors(folder, [])).rejects.toMatchObject({ code: "io" });
  });

  test("lists all that is wrong with names, shapes and metadata at once", () => {
    const wrong = [
      float("a", []),
      float("a", []),
      float("__metadata__", []),
      float("\ud800", []),
      { ...float("shape", []), shape: [-1] },
      { ...float("type", []), dtype: "float8_e4m3" as ReadableDType },
    ];
    const metadata = { format: 1 as unknown as string };
    expect(() => serializeSafetensors(wrong, { metadata })).toThrow(
      'cannot be written: two arrays are called "a"; no array may be called "__metadata__"; ' +
        'the name "\\ud800" has half a surrogate pair; "shape": [-1] is no shape; ' +
        '"type": float8_e4m3 is no type that can be written; metadata "format" is not a string',
    );
  });

  test.each<[dtype: ReadableDType, value: number]>([
    ["int16", 32768],
    ["int8", -129],
    ["uint64", -1],
    ["uint32", -1],
    ["uint16", 65536],
    ["uint8", 256],
    ["bool", 2],
  ])("refuses an integer that %s cannot hold (%d)", (dtype, value) => {
    expect(() => serializeSafetensors([integer("a", [value], dtype)])).toThrow(
      `"a" holds ${value}, which ${dtype} cannot`,
    );
  });

  test("takes int8 from an Int8Array, as the same bytes, and no other integers", () => {
    const array = (dtype: ReadableDType, values: NamedArray["values"]): NamedArray[] => [
      { name: "a", shape: [3], dtype, values },
    ];
    const file = serializeSafetensors(array("int8", new Int8Array([-128, 0, 127])));
    expect(file).toEqual(serializeSafetensors(array("int8", new Int32Array([-128, 0, 127]))));
    expect(() => serializeSafetensors(array("int32", new Int8Array(3)))).toThrow("must be an Int32Array");
    expect(() => serializeSafetensors(array("float32", new Int8Array(3)))).toThrow("must be a Float32Array");
  });

  test("refuses floats as integers and integers as floats", () => {
    expect(() => serializeSafetensors([float("a", [1], "int32")])).toThrow("must be an Int32Array");
    expect(() => serializeSafetensors([integer("a", [1], "float16")])).toThrow(
      "must be a Float32Array or Float64Array",
    );
  });
});
