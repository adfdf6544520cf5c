import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openCheckpoint, serializeSafetensors } from "./index.js";

const one = serializeSafetensors([{ name: "one", shape: [2], dtype: "float32", values: new Float32Array([1, 2]) }], {
  metadata: { format: "pt" },
});
const two = serializeSafetensors([
  { name: "two", shape: [1], dtype: "int64", values: new Int32Array([7]) },
  { name: "unlisted", shape: [1], dtype: "int64", values: new Int32Array([8]) },
]);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("openCheckpoint", () => {
  test("opens a path, a file URL, a folder, a Uint8Array, an ArrayBuffer and a Blob alike", async () => {
    const path = join(folder, "model.safetensors");
    await writeFile(path, one);
    const shifted = new Uint8Array([0, ...one]).subarray(1);
    for (const from of [
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      folder,
      `${folder}/`,
      shifted,
      one.slice().buffer,
      new Blob([one.slice()]),
    ]) {
      await using source = await openCheckpoint(from);
      expect([...source.metadata]).toEqual([["format", "pt"]]);
      expect(await source.read("one")).toEqual(new Float32Array([1, 2]));
    }
  });

  test("reads nothing once closed, and closes twice without harm", async () => {
    await writeFile(join(folder, "model.safetensors"), one);
    for (const from of [folder, one, new Blob([one.slice()])]) {
      const source = await openCheckpoint(from);
      await source.close();
      await source.close();
      await expect(source.read("one")).rejects.toMatchObject({ code: "closed" });
    }
  });

  test("says what is missing", async () => {
    await expect(openCheckpoint(join(folder, "none"))).rejects.toMatchObject({ code: "missing" });
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: "missing",
      message:
        `${folder} has none of model.safetensors, model.safetensors.index.json, pytorch_model.bin, ` +
        "pytorch_model.bin.index.json, a TensorFlow checkpoint (bert_model.ckpt.index), model.npz",
    });
    await mkdir(join(folder, "model.safetensors"));
    await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: "argument" });
    for (const from of [new URL("ftp://host/file"), "http://[", "file:///a%2Fb"]) {
      await expect(openCheckpoint(from)).rejects.toMatchObject({ code: "argument" });
    }
    await expect(openCheckpoint("a\u0000b")).rejects.toMatchObject({ code: "io" });
  });

  test("waits for no device and no pipe", async () => {
    await expect(openCheckpoint("/dev/zero")).rejects.toMatchObject({ code: "argument" });
  });

  test("notices a file that was cut after it was opened", async () => {
    const path = join(folder, "model.safetensors");
    await writeFile(path, one);
    await using source = await openCheckpoint(path);
    await truncate(path, one.length - 1);
    await expect(source.read("one")).rejects.toMatchObject({ code: "truncated" });
  });

  test("stops at a signal", async () => {
    await expect(openCheckpoint(one, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});

describe("a sharded checkpoint", () => {
  const write = async (index: string) => {
    await writeFile(join(folder, "a.safetensors"), one);
    await writeFile(join(folder, "b.safetensors"), two);
    const path = join(folder, "model.safetensors.index.json");
    await writeFile(path, index);
    return path;
  };

  test("is one checkpoint, of what its index lists", async () => {
    const path = await write(
      '{"metadata":{"total_size":16},"weight_map":{"two":"b.safetensors","one":"a.safetensors"},"more":[1]}',
    );
    for (const from of [path, folder]) {
      await using source = await openCheckpoint(from);
      expect([...source.entries.keys()]).toEqual(["two", "one"]);
      expect(Object.fromEntries(source.metadata)).toEqual({ format: "pt", total_size: "16" });
      expect(await source.read("one", { rows: [1, 2] })).toEqual(new Float32Array([2]));
      expect(await source.read("two")).toEqual(new Int32Array([7]));
      await expect(source.read("unlisted")).rejects.toMatchObject({ code: "argument" });
    }
  });

  test.each([
    ["../a.safetensors"],
    ["/etc/a.safetensors"],
    ["sub/a.safetensors"],
    ["..\\a.safetensors"],
    ["C:a.safetensors"],
    [".safetensors"],
    ["a\u0000.safetensors"],
    ["http://host/a.safetensors"],
    [".."],
    [""],
    ["a.exe"],
  ])("may not name %j as a file", async (name) => {
    const path = await write(JSON.stringify({ weight_map: { one: name } }));
    await expect(openCheckpoint(path)).rejects.toMatchObject({
      code: "malformed",
      message: expect.stringContaining("is not the name of a .safetensors or .bin file in the same folder"),
    });
  });

  test.each([
    ["no JSON", "weights", "malformed"],
    ["no weight_map", "{}", "malformed"],
    ["a weight_map that is a list", '{"weight_map":[]}', "malformed"],
    ["a name twice", '{"weight_map":{"one":"a.safetensors","one":"b.safetensors"}}', "malformed"],
    ["an array that its file lacks", '{"weight_map":{"two":"a.safetensors"}}', "malformed"],
    ["a file that is not there", '{"weight_map":{"one":"c.safetensors"}}', "missing"],
    ["a file that is broken", '{"weight_map":{"one":"a.safetensors","three":"d.safetensors"}}', "truncated"],
    [
      "a thousand files and more",
      `{"weight_map":{${Array.from({ length: 1025 }, (_, i) => `"${i}":"${i}.safetensors"`)}}}`,
      "malformed",
    ],
  ])("is refused with %s", async (_, index, code) => {
    await writeFile(join(folder, "d.safetensors"), "");
    await expect(openCheckpoint(await write(index))).rejects.toMatchObject({ code });
  });
});

describeWithData("checkpoints/all-MiniLM-L6-v2/model.safetensors", "all-MiniLM-L6-v2", () => {
  test("has the arrays that Python's safetensors finds in it", async () => {
    await using source = await openCheckpoint(dataPath("checkpoints", "all-MiniLM-L6-v2"));
    expect(source.entries.size).toBe(104);
    expect([...source.metadata]).toEqual([["format", "pt"]]);
    expect(source.entries.get("embeddings.position_ids")).toMatchObject({ shape: [1, 512], dtype: "int64" });
    expect(source.entries.get("encoder.layer.5.output.dense.weight")).toMatchObject({
      shape: [384, 1536],
      dtype: "float32",
    });
    const row = await source.read("embeddings.word_embeddings.weight", { rows: [2054, 2055] });
    expect([...row.slice(0, 2)]).toEqual([0.04753251001238823, 0.08581048250198364]);
    const words = await source.read("embeddings.word_embeddings.weight");
    expect(words.slice(-3)).toEqual(
      new Float32Array([-0.017723897472023964, 0.008096314035356045, 0.004570063669234514]),
    );
    expect((words as Float32Array).reduce((sum, value) => sum + value, 0)).toBeCloseTo(138.05072214923592, 9);
    expect(await source.read("embeddings.position_ids")).toEqual(Int32Array.from({ length: 512 }, (_, i) => i));
  });
});

describeWithData("goldens/formats", "the formats' golden files", () => {
  test("give the same values whole, in shards, in float16 and in bfloat16", async () => {
    for (const [set, expected] of [
      ["safetensors", "f32"],
      ["safetensors-sharded", "f32"],
      ["safetensors-f16", "f16"],
      ["safetensors-bf16", "bf16"],
    ] as const) {
      await using source = await openCheckpoint(dataPath("goldens/formats", set));
      await using truth = await openCheckpoint(dataPath("goldens/formats/expected", `${expected}.safetensors`));
      expect(truth.entries.size).toBeGreaterThan(10);
      for (const [name, { shape }] of truth.entries) {
        expect([name, source.entries.get(name)?.shape]).toEqual([name, shape]);
        expect(await source.read(name)).toEqual(await truth.read(name));
      }
    }
  });

  test("give the extremes of every element type", async () => {
    await using source = await openCheckpoint(dataPath("goldens/formats/dtypes.safetensors"));
    await using truth = await openCheckpoint(dataPath("goldens/formats/expected/dtypes.safetensors"));
    expect(source.entries.size).toBe(12);
    for (const name of source.entries.keys()) {
      // Of the int64 one value, 2^53 - 1, does not fit.
      const rows = name === "i64" ? ([0, 2] as const) : undefined;
      const values = await source.read(name, { rows });
      expect(Float64Array.from(values)).toEqual(await truth.read(name, { rows }));
    }
    await expect(source.read("i64")).rejects.toThrow('"i64" holds the int64 9007199254740991');
    expect(await source.read("i64", { rows: [3, 4] })).toEqual(new Int32Array([-2147483648]));
  });
});
