import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { CheckpointSource } from "../checkpoint-source.js";
import { MemoryFolder } from "../fixtures/memory-folder.js";
import type { LazyArray, NamedArray } from "../named-array.js";
import { pathPlace } from "../place.js";
import type { ReadableDType } from "../stored-dtype.js";
import { tensorFlow } from "./tensorflow-source.js";
import { serializeTensorFlow, writeTensorFlow } from "./write-tensorflow.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-"));
});
afterEach(() => rm(folder, { recursive: true }));

const fileNames = ["m.data-00000-of-00001", "m.index", "checkpoint"] as const;

async function openFiles(files: ReadonlyMap<string, Uint8Array>): Promise<CheckpointSource> {
  const place = new MemoryFolder(files).child("m.index");
  return tensorFlow.open(await place.open(), place);
}

const integer = (name: string, numbers: number[], dtype: ReadableDType): NamedArray => ({
  name,
  shape: [numbers.length],
  dtype,
  values: new Int32Array(numbers),
});
const one: NamedArray = { name: "a", shape: [1], dtype: "float32", values: new Float32Array(1) };

describe("writing TensorFlow checkpoints", () => {
  test("gives the bytes that TensorFlow gives", async () => {
    const files = await serializeTensorFlow(
      [
        { name: "b/kernel", shape: [2, 3], dtype: "float32", values: Float32Array.of(0, 1, 2, 3, 4, 5) },
        { name: "a", shape: [], dtype: "float32", values: Float32Array.of(1.5) },
        integer("é/x", [1, 2], "int64"),
        { name: "h", shape: [2], dtype: "float16", values: Float32Array.of(1, 2) },
        { name: "empty", shape: [0, 4], dtype: "float32", values: new Float32Array(0) },
        integer("t", [1, 0], "bool"),
        integer("u", [200], "uint8"),
        integer("u16", [200], "uint16"),
        integer("i8", [-3], "int8"),
      ],
      "m",
    );
    expect([...files.keys()]).toEqual(fileNames);
    // Of TensorFlow 2.21's SaveV2, for the names in this order.
    const index = [
      "AAAGCAEaAggBAAELYQgBEgAoBDVeL+GnAAgVYi9rZXJuZWwIARIIEgIIAhICCAMgBCgYNcDbPRcABRFlbXB0eQgBEgYSABICCAQg",
      "HDXY6oKiAAERaAgTEgQSAggCIBwoBDXCZ/c2AAIRaTgIBhIEEgIIASAgKAE1TidxhAABEXQIChIEEgIIAiAhKAI1X7DOgQABEXUI",
      "BBIEEgIIASAjKAE1KiE3/QECETE2CBESBBICCAEgJCgCNRu8sbMABBHDqS94CAkSBBICCAIgJigQNeAuN30AAAAAAQAAAAAzhelf",
      "AAAAAAEAAAAAwPKhsAABA8QA3AEAAAAAAQAAAACVh6zc4QEI7gEPAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFf7",
      "gIskdUfb",
    ].join("");
    const data =
      "0000c03f000000000000803f0000004000004040000080400000a040" +
      "003c0040fd0100c8c80001000000000000000200000000000000";
    expect(Buffer.from(files.get("m.index")!).toString("base64")).toBe(index);
    expect(Buffer.from(files.get("m.data-00000-of-00001")!).toString("hex")).toBe(data);
    expect(new TextDecoder().decode(files.get("checkpoint"))).toBe(
      'model_checkpoint_path: "m"\nall_model_checkpoint_paths: "m"\n',
    );
  });

  test("is undone by reading, for every type, name and shape, and files get the same bytes", async () => {
    const bounds: Record<ReadableDType, readonly [min: number, max: number]> = {
      float64: [-128, 127], // small integers are exact in every float type
      float32: [-128, 127],
      float16: [-128, 127],
      bfloat16: [-128, 127],
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
        fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => !name.startsWith("\0")),
        fc.constantFrom(...(Object.keys(bounds) as ReadableDType[])),
        fc.array(fc.nat(3), { maxLength: 3 }),
      )
      .chain(([name, dtype, shape]) => {
        const length = shape.reduce((product, extent) => product * extent, 1);
        const [min, max] = bounds[dtype];
        const Memory = dtype === "float64" ? Float64Array : /float/.test(dtype) ? Float32Array : Int32Array;
        return fc
          .array(fc.integer({ min, max }), { minLength: length, maxLength: length })
          .map((numbers): NamedArray => ({ name, dtype, shape, values: new Memory(numbers) }));
      });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(array, { selector: ({ name }) => name }), async (arrays) => {
        const files = await serializeTensorFlow(arrays, "m");
        const source = await openFiles(files);
        expect(source.entries.size).toBe(arrays.length);
        for (const { name, shape, dtype, values } of arrays) {
          expect(source.entries.get(name)).toMatchObject({ shape, dtype });
          expect(await source.read(name)).toEqual(values);
        }
        await writeTensorFlow(join(folder, "m"), arrays);
        for (const name of fileNames)
          expect(new Uint8Array(await readFile(join(folder, name)))).toEqual(files.get(name));
      }),
      { numRuns: 40 },
    );
  });

  test("of thousands of arrays is undone by reading", async () => {
    const arrays = Array.from({ length: 5000 }, (_, i): NamedArray => {
      const name = `${i % 26}/${"x".repeat(i % 150)}/layer_${i}`;
      return { name, shape: [i % 4], dtype: "float32", values: new Float32Array(i % 4).fill(i) };
    });
    const source = await openFiles(await serializeTensorFlow(arrays, "m"));
    expect(source.entries.size).toBe(5000);
    for (const { name, values } of arrays) expect(await source.read(name)).toEqual(values);
  });

  test("asks for values one array at a time, in the order of names", async () => {
    const made: string[] = [];
    const lazy = (name: string): LazyArray => ({
      name,
      shape: [1],
      dtype: "float32",
      values: async () => {
        made.push(name);
        return new Float32Array(1);
      },
    });
    async function* arrays(): AsyncGenerator<LazyArray> {
      yield* [lazy("b"), lazy("\u{1f600}"), lazy("\uffee"), lazy("a")];
    }
    await writeTensorFlow(join(folder, "m"), arrays());
    expect(made).toEqual(["a", "b", "\uffee", "\u{1f600}"]);
  });

  test("leaves the old files as they were, and no others, when it fails or is stopped", async () => {
    for (const name of fileNames) await writeFile(join(folder, name), "old");
    const prefix = join(folder, "m");
    const failing = () => Promise.reject(new Error("no values today"));
    await expect(writeTensorFlow(prefix, [{ ...one, values: failing }])).rejects.toThrow("no values today");
    const controller = new AbortController();
    const stopping = () => {
      controller.abort(new Error("stopped"));
      return new Float32Array(1);
    };
    const stopped = writeTensorFlow(prefix, [{ ...one, values: stopping }], { signal: controller.signal });
    await expect(stopped).rejects.toThrow("stopped");
    await expect(writeTensorFlow(prefix, [{ ...one, shape: [2] }])).rejects.toMatchObject({ code: "argument" });
    expect((await readdir(folder)).sort()).toEqual([...fileNames].sort());
    for (const name of fileNames) expect(await readFile(join(folder, name), "utf8")).toBe("old");
    await expect(writeTensorFlow(join(folder, "none", "m"), [one])).rejects.toMatchObject({ code: "missing" });
    await mkdir(join(folder, "b.index"));
    await expect(writeTensorFlow(join(folder, "b"), [one])).rejects.toMatchObject({ code: "io" });
    expect(await readFile(join(folder, "checkpoint"), "utf8")).toBe("old");
  });

  test("lists all that is wrong with names and shapes at once", async () => {
    const wrong = [one, one, { ...one, name: "" }, { ...one, name: "\0a" }, { ...one, name: "c", shape: [-1] }];
    await expect(serializeTensorFlow(wrong, "m")).rejects.toMatchObject({
      code: "argument",
      message:
        'cannot be written: two arrays are called "a"; no array may be called ""; ' +
        'no array may be called "\\u0000a"; "c": [-1] is no shape',
    });
    await expect(serializeTensorFlow([one], "folder/m")).rejects.toMatchObject({ code: "argument" });
    await expect(writeTensorFlow(`${folder}/`, [one])).rejects.toMatchObject({ code: "argument" });
  });
});

describeWithData("goldens/formats/tf-1-shard", "a checkpoint that TensorFlow wrote, read and written again", () => {
  test("is the same files", async () => {
    const original = dataPath("goldens/formats/tf-1-shard");
    const place = pathPlace(join(original, "bert_model.ckpt.index"));
    await using source = await tensorFlow.open(await place.open(), place);
    const arrays = [...source.entries].map(
      ([name, { shape, dtype }]): LazyArray => ({
        name,
        shape,
        dtype: dtype as ReadableDType,
        values: () => source.read(name),
      }),
    );
    await writeTensorFlow(join(folder, "bert_model.ckpt"), arrays);
    for (const name of await readdir(folder)) {
      expect(await readFile(join(folder, name))).toEqual(await readFile(join(original, name)));
    }
    expect(await readdir(folder)).toHaveLength(3);
  });
});
