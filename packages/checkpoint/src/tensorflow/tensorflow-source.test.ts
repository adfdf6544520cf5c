import { readFile } from "node:fs/promises";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { CheckpointSource } from "../checkpoint-source.js";
import { MemoryFolder } from "../fixtures/memory-folder.js";
import { partitionedIndex } from "../fixtures/partitioned-index.js";
import { block, sortedTable } from "../fixtures/sorted-table.js";
import { type BundleEntry, bundleEntry, bundleHeader, bundleIndex } from "../fixtures/tensor-bundle.js";
import { openCheckpoint } from "../open-checkpoint.js";
import { pathPlace } from "../place.js";
import { tensorFlow } from "./tensorflow-source.js";

async function openIndex(path: string): Promise<CheckpointSource> {
  const place = pathPlace(path);
  return tensorFlow.open(await place.open(), place);
}

/** A folder with an index and one data file. */
function folderOf(index: Uint8Array, data: Uint8Array): MemoryFolder {
  return new MemoryFolder(
    new Map([
      ["m.index", index],
      ["m.data-00000-of-00001", data],
    ]),
  );
}

async function openIn(folder: MemoryFolder): Promise<CheckpointSource> {
  const place = folder.child("m.index");
  return tensorFlow.open(await place.open(), place);
}

const bytesOf = (...numbers: number[]) => new Uint8Array(Float32Array.from(numbers).buffer);
const eight = bytesOf(0, 1, 2, 3, 4, 5, 6, 7);
const entryOf = (shape: number[], offset: number, bytes: Uint8Array, rest: Partial<BundleEntry> = {}) =>
  bundleEntry({ shape, offset, size: bytes.length, bytes, ...rest });

const partitionedData = new Uint8Array([
  ...bytesOf(...Array.from({ length: 1200 }, (_, i) => i)),
  ...bytesOf(0, 1, 4, 5, 2, 3, 6, 7),
  ...bytesOf(0, 1, 2, 3),
]);

describe("a TensorFlow checkpoint", () => {
  test("is told by its first bytes or its name", () => {
    expect(tensorFlow.recognises(partitionedIndex.subarray(0, 512), "index")).toBe(true);
    expect(tensorFlow.recognises(new Uint8Array(8), "bert_model.ckpt.index")).toBe(true);
    // Version 1, whose first value is long.
    expect(tensorFlow.recognises(Uint8Array.of(0, 0, 0xac, 2, 0x0a), "bert_model.ckpt")).toBe(true);
    expect(tensorFlow.recognises(Uint8Array.of(0, 0, 6, 0, 0x7b), "a")).toBe(false);
    expect(tensorFlow.recognises(new Uint8Array(0), "model.safetensors.index.json")).toBe(false);
  });

  test("gives arrays whole and by rows, in the order of their bytes, whichever file they lie in", async () => {
    const index = bundleIndex(
      {
        a: entryOf([2, 2], 16, eight.subarray(16), { shard: 1 }),
        b: entryOf([], 0, eight.subarray(0, 4), { shard: 1 }),
        c: entryOf([3], 0, Uint8Array.of(1, 0, 1), { type: 10 }),
        d: bundleEntry({ shape: [0, 5], offset: 3 }),
      },
      bundleHeader({ shards: 2 }),
    );
    const folder = new MemoryFolder(
      new Map([
        ["m.index", index],
        ["m.data-00000-of-00002", Uint8Array.of(1, 0, 1)],
        ["m.data-00001-of-00002", eight],
      ]),
    );
    const source = await openIn(folder);
    expect([...source.entries.keys()]).toEqual(["c", "d", "b", "a"]);
    expect(source.entries.get("a")).toMatchObject({ shape: [2, 2], dtype: "float32" });
    expect(await source.read("a")).toEqual(Float32Array.of(4, 5, 6, 7));
    expect(await source.read("a", { rows: [1, 2] })).toEqual(Float32Array.of(6, 7));
    expect(await source.read("a", { into: new Float64Array(4) })).toEqual(Float64Array.of(4, 5, 6, 7));
    expect(await source.read("b")).toEqual(Float32Array.of(0));
    expect(await source.read("c")).toEqual(Int32Array.of(1, 0, 1));
    expect(await source.read("d")).toEqual(new Float32Array(0));
    expect(folder.opened).toBe(2);
    await source.close();
    expect(folder.opened).toBe(0);
  });

  test("gives a variable that was partitioned by rows as one", async () => {
    const source = await openIn(folderOf(partitionedIndex, partitionedData));
    expect(source.entries.get("w")).toMatchObject({ shape: [300, 4], dtype: "float32" });
    expect(await source.read("w")).toEqual(Float32Array.from({ length: 1200 }, (_, i) => i));
    expect(await source.read("w", { rows: [99, 201] })).toEqual(Float32Array.from({ length: 408 }, (_, i) => 396 + i));
    expect(await source.read("plain")).toEqual(Float32Array.of(0, 1, 2, 3));
    expect([...source.entries.keys()]).toEqual(["w", "plain", "c"]);
    await expect(source.read("c")).rejects.toMatchObject({
      code: "unsupported",
      message: '"c" is partitioned by other axes than its first; save it again without partitions',
    });
  });

  test("lists what it does not read", async () => {
    const index = bundleIndex({
      _CHECKPOINTABLE_OBJECT_GRAPH: bundleEntry({ type: 7, shape: [], size: 3 }),
      "a/.ATTRIBUTES/VARIABLE_VALUE": entryOf([8], 3, eight),
      q: bundleEntry({ type: 11, shape: [4], offset: 35, size: 4 }),
      z: bundleEntry({ type: 99, shape: [4], offset: 39, size: 1 }),
    });
    const source = await openIn(folderOf(index, new Uint8Array(40)));
    expect([...source.entries].map(([name, { dtype }]) => [name, dtype])).toEqual([
      ["_CHECKPOINTABLE_OBJECT_GRAPH", "string"],
      ["a/.ATTRIBUTES/VARIABLE_VALUE", "float32"],
      ["q", "qint8"],
      ["z", "DataType 99"],
    ]);
    for (const name of ["_CHECKPOINTABLE_OBJECT_GRAPH", "q", "z"]) {
      await expect(source.read(name)).rejects.toMatchObject({ code: "unsupported" });
    }
  });

  test("keeps a name as it is: a byte order mark, and letters that only together are one", async () => {
    const names = ["e\u0301", "\u00e9", "\ufeffa"];
    const index = bundleIndex(Object.fromEntries(names.map((name) => [name, bundleEntry({ shape: [0] })])));
    const source = await openIn(folderOf(index, eight));
    expect([...source.entries.keys()]).toEqual(names);
  });

  test("has the checksum of an array compared when it is read whole, and not of rows", async () => {
    const damaged = partitionedData.slice();
    damaged[3000]! ^= 1;
    const source = await openIn(folderOf(partitionedIndex, damaged));
    await expect(source.read("w")).rejects.toMatchObject({
      code: "malformed",
      message: '"w": its checksum is wrong; the data file is damaged',
    });
    expect(await source.read("w", { rows: [0, 1] })).toEqual(Float32Array.of(0, 1, 2, 3));
    expect(await source.read("plain")).toHaveLength(4);
  });

  test("says so where `into` is detached while it is read", async () => {
    const source = await openIn(folderOf(partitionedIndex, partitionedData));
    const into = new Float32Array(1200);
    const reading = source.read("w", { into });
    structuredClone(into.buffer, { transfer: [into.buffer] });
    await expect(reading).rejects.toMatchObject({ code: "argument", message: expect.stringContaining("detached") });
  });
});

const rows = (from: number, count: number): [number, number][] => [
  [from, count],
  [0, 2],
];

describe("a TensorFlow checkpoint is refused", () => {
  test.each<[string, Uint8Array, string, string]>([
    ["without a header", sortedTable([{ bound: "b", content: block([["a", eight]]) }]), "malformed", "has no header"],
    ["without anything", sortedTable([]), "malformed", "the index is empty"],
    ["of version 1", bundleIndex({}, Uint8Array.of(0x0a, 0)), "unsupported", "tf.compat.v1.train.Saver"],
    [
      "of a later version",
      bundleIndex({}, bundleHeader({ shards: 1, minimumConsumer: 2 })),
      "unsupported",
      "version 2",
    ],
    ["that is big-endian", bundleIndex({}, bundleHeader({ shards: 1, endianness: 1 })), "unsupported", "big-endian"],
    ["of no files", bundleIndex({}, bundleHeader({ shards: 0 })), "malformed", "0 data files, where 1 to 1024"],
    ["of a billion files", bundleIndex({}, bundleHeader({ shards: 2 ** 30 })), "malformed", "1073741824 data files"],
    ["of -1 files", bundleIndex({}, bundleHeader({ shards: -1 })), "malformed", "-1 is no count"],
    [
      "whose file is not there",
      bundleIndex({ a: bundleEntry({ shape: [0], shard: 1 }) }, bundleHeader({ shards: 2 })),
      "missing",
      "m.data-00001-of-00002",
    ],
    [
      "with a tensor in a file that it has not",
      bundleIndex({ a: bundleEntry({ shape: [0], shard: 1 }) }),
      "malformed",
      '"a" is in file 1 of 1',
    ],
    [
      "with a tensor beyond its file",
      bundleIndex({ a: entryOf([8], 4, eight) }),
      "truncated",
      '"a" ends at byte 36, the file at byte 32',
    ],
    [
      "with a tensor impossibly far away",
      bundleIndex({ a: entryOf([8], Number.MAX_SAFE_INTEGER, eight) }),
      "malformed",
      "impossibly far",
    ],
    ["with an offset below 0", bundleIndex({ a: entryOf([8], -1, eight) }), "malformed", "-1 is no count"],
    [
      "with a size that is not its shape's",
      bundleIndex({ a: entryOf([7], 0, eight) }),
      "malformed",
      "float32 of shape [7] takes 28 bytes, not 32",
    ],
    [
      "with 10^12 elements",
      bundleIndex({ a: entryOf([10 ** 6, 10 ** 6], 0, eight) }),
      "malformed",
      "takes 4000000000000 bytes, not 32",
    ],
    [
      "with 10^18 elements",
      bundleIndex({ a: entryOf([10 ** 6, 10 ** 6, 10 ** 6], 0, eight) }),
      "malformed",
      "impossibly large",
    ],
    ["with an extent below 0", bundleIndex({ a: entryOf([-1], 0, eight) }), "malformed", "-1 is no count"],
    ["with 255 axes", bundleIndex({ a: entryOf(Array(255).fill(1), 0, eight) }), "malformed", "more than 254 axes"],
    ["with no element type", bundleIndex({ a: bundleEntry({ type: 0, shape: [] }) }), "malformed", "no element type"],
    [
      "with tensors that overlap",
      bundleIndex({ a: entryOf([8], 0, eight), b: entryOf([1], 28, bytesOf(1)) }),
      "malformed",
      '"b" overlaps the tensor before it',
    ],
    [
      "with an entry that is cut off",
      bundleIndex({ a: Uint8Array.of(0x12, 100, 0x12) }),
      "malformed",
      '"a": premature EOF',
    ],
    [
      "with a slice that is not there",
      bundleIndex({ a: bundleEntry({ shape: [4, 2], slices: [rows(0, 4)] }) }),
      "malformed",
      "there is no slice [0, 4)",
    ],
    [
      "with slices that leave a hole",
      bundleIndex({ a: bundleEntry({ shape: [4, 2], slices: [rows(1, 3)] }) }),
      "malformed",
      "a slice of rows [1, 4) where 0 was to begin",
    ],
    [
      "with a slice of no rows",
      bundleIndex({ a: bundleEntry({ shape: [4, 2], slices: [rows(0, 0)] }) }),
      "malformed",
      "a slice of rows [0, 0)",
    ],
  ])("%s", async (_, index, code, message) => {
    const folder = folderOf(index, eight);
    await expect(openIn(folder)).rejects.toMatchObject({ name: "CheckpointError", code });
    await expect(openIn(folder)).rejects.toThrow(message);
    await expect(openIn(folder)).rejects.toThrow(/^m\.|m\.data/);
    expect(folder.opened).toBe(0);
  });

  test("with slices that are not all of it, or of another type", async () => {
    // A zero, the name and its end, the number 2 of axes, then start and length of each.
    const key = Uint8Array.of(0, 0x61, 0, 1, 1, 2, 0x80, 0x84, 0x80, 0x82);
    const indexOf = (type: number, extent: number) =>
      bundleIndex([
        [key, entryOf([4, 2], 0, eight, { type })],
        ["a", bundleEntry({ shape: [extent, 2], slices: [rows(0, 4)] })],
      ]);
    await expect(openIn(folderOf(indexOf(1, 5), eight))).rejects.toThrow("the slices have 4 rows, the shape is [5,2]");
    await expect(openIn(folderOf(indexOf(3, 4), eight))).rejects.toThrow(
      "a slice is int32 of shape [4,2], not float32",
    );
    const nested = bundleIndex([[key, entryOf([4, 2], 0, eight, { slices: [rows(0, 4)] })]]);
    await expect(openIn(folderOf(nested, eight))).rejects.toThrow("a slice that has slices itself");
    const source = await openIn(folderOf(indexOf(1, 4), eight));
    expect(await source.read("a")).toHaveLength(8);
  });

  test("without the name by which its data is found", async () => {
    const folder = new MemoryFolder(new Map([["blob", bundleIndex({ a: entryOf([8], 0, eight) })]]));
    const place = folder.child("blob");
    await expect(tensorFlow.open(await place.open(), place)).rejects.toMatchObject({ code: "argument" });
    expect(folder.opened).toBe(0);
  });

  test("wherever its index is cut off", async () => {
    for (let end = 0; end < partitionedIndex.length; end++) {
      const folder = folderOf(partitionedIndex.subarray(0, end), partitionedData);
      await expect(openIn(folder)).rejects.toMatchObject({ name: "CheckpointError" });
    }
  });

  test("wherever its data is cut off", async () => {
    for (let end = 0; end < eight.length; end++) {
      const folder = folderOf(bundleIndex({ a: entryOf([8], 0, eight) }), eight.subarray(0, end));
      await expect(openIn(folder)).rejects.toMatchObject({ code: "truncated" });
    }
  });

  test("or opened, whatever its entries are, and nothing else happens", async () => {
    const original = bundleEntry({ shape: [4, 2], size: 32, bytes: eight, slices: [rows(0, 4)] });
    const change = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 5 }), async (changes) => {
        const entry = original.slice();
        for (const [at, byte] of changes) entry[at] = byte;
        try {
          const source = await openIn(folderOf(bundleIndex({ a: entry }), eight));
          await source.read("a");
        } catch (error) {
          expect(error).toMatchObject({ name: "CheckpointError" });
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Hugging Face's name of a variable of Google's. */
function huggingFaceName(name: string): string {
  return name
    .replaceAll("/", ".")
    .replace(/layer_(\d+)/, "layer.$1")
    .replace(/\.kernel$|\.gamma$|_embeddings$/, (ending) => (ending === "_embeddings" ? `${ending}.weight` : ".weight"))
    .replace(/\.beta$/, ".bias")
    .replace("predictions.output_bias", "predictions.bias")
    .replace("seq_relationship.output_weights", "seq_relationship.weight")
    .replace("seq_relationship.output_bias", "seq_relationship.bias");
}

function transposed(values: ArrayLike<number>, [rows, columns]: readonly number[]): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % rows!) * columns! + Math.floor(i / rows!)]!);
}

describeWithData("goldens/formats/tf-1-shard", "checkpoints that TensorFlow wrote", () => {
  test.each(["tf-1-shard", "tf-2-shards"])(
    "%s has the expected arrays, to the bit, and the optimizer's",
    async (folder) => {
      const meta: { google_names: Record<string, number[]> } = JSON.parse(
        await readFile(dataPath("goldens/formats/meta.json"), "utf8"),
      );
      await using expected = await openCheckpoint(dataPath("goldens/formats/expected/f32.safetensors"));
      await using source = await openIndex(dataPath("goldens/formats", folder, "bert_model.ckpt.index"));
      for (const [name, shape] of Object.entries(meta.google_names)) {
        expect(source.entries.get(name)).toMatchObject({ shape, dtype: "float32" });
        const values = await source.read(name);
        const kernel = name.endsWith("/kernel");
        expect(kernel ? transposed(values, shape) : values).toEqual(await expected.read(huggingFaceName(name)));
        expect(source.entries.has(`${name}/adam_m`)).toBe(true);
      }
      expect(source.entries.get("global_step")).toMatchObject({ shape: [], dtype: "int64" });
      expect(await source.read("global_step")).toHaveLength(1);
    },
  );
});

describeWithData("checkpoints/tf-checkpoint-tiny", "Google's tiny checkpoint", () => {
  test("is read whole, and by rows", async () => {
    await using source = await openIndex(dataPath("checkpoints/tf-checkpoint-tiny/bert_model.ckpt.index"));
    for (const [name, { shape }] of source.entries) {
      const values = await source.read(name);
      expect(values).toHaveLength(shape.reduce((product, extent) => product * extent, 1));
      if (shape.length === 0) continue;
      const rows = await source.read(name, { rows: [1, 2] });
      expect(rows).toEqual(values.subarray(rows.length, 2 * rows.length));
    }
  });
});
