import { readFileSync } from "node:fs";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { expect, test } from "@jest/globals";
import { memoryBytes } from "../bytes/memory-bytes.js";
import type { CheckpointSource } from "../checkpoint-source.js";
import { openPyTorch } from "../fixtures/open-pytorch.js";
import { openSafetensors } from "../safetensors/safetensors-source.js";

const formats = "goldens/formats";
const pyTorch = (path: string) => openPyTorch(readFileSync(dataPath(path)));
const safetensors = (path: string) => openSafetensors(memoryBytes(readFileSync(dataPath(path))));

/** The bits of an array; a NaN must have the same ones, too. */
async function bitsOf(source: CheckpointSource, name: string): Promise<Uint32Array> {
  const values = await source.read(name);
  return new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
}

/** Names of LayerNorm's parameters before they were called weight and bias. */
const spelledAnew = (name: string) => name.replace(/\.gamma$/, ".weight").replace(/\.beta$/, ".bias");

describeWithData(formats, "PyTorch's containers of one model", () => {
  test.each([
    ["pytorch", "f32"],
    ["pytorch-legacy-nonzip", "f32"],
    ["pytorch-strided", "f32"],
    ["pytorch-gamma-beta", "f32"],
    ["pytorch-f16", "f16"],
    ["pytorch-bf16", "bf16"],
  ])("%s has the expected arrays, to the bit", async (folder, precision) => {
    const wanted = await safetensors(`${formats}/expected/${precision}.safetensors`);
    const source = await pyTorch(`${formats}/${folder}/pytorch_model.bin`);
    const nameOf = new Map([...source.entries.keys()].map((name) => [spelledAnew(name), name]));
    for (const [name, { shape }] of wanted.entries) {
      const spelled = nameOf.get(name)!;
      expect(source.entries.get(spelled)!.shape).toEqual(shape);
      expect(await bitsOf(source, spelled)).toEqual(await bitsOf(wanted, name));
    }
  });

  test("dtypes.bin has the values of every type", async () => {
    const wanted = await safetensors(`${formats}/expected/dtypes.safetensors`);
    const source = await pyTorch(`${formats}/dtypes.bin`);
    expect([...source.entries.keys()].sort()).toEqual([...wanted.entries.keys()].sort());
    for (const [name, { shape }] of wanted.entries) {
      expect(source.entries.get(name)!.shape).toEqual(shape);
      const values = await source.read(name).catch((error: unknown) => error);
      if (name === "i64") expect(values).toMatchObject({ code: "range" });
      else expect(Float64Array.from(values as Float64Array)).toEqual(await wanted.read(name));
    }
  });

  test("dtypes.bin has the same types and bits as dtypes.safetensors", async () => {
    const wanted = await safetensors(`${formats}/dtypes.safetensors`);
    const source = await pyTorch(`${formats}/dtypes.bin`);
    for (const [name, { dtype }] of wanted.entries) {
      expect(source.entries.get(name)!.dtype).toBe(dtype);
      if (name !== "i64") expect(await bitsOf(source, name)).toEqual(await bitsOf(wanted, name));
    }
  });
});

describeWithData("checkpoints/pytorch-bin-tiny", "a small BERT of PyTorch's", () => {
  test("has its arrays, and each can be read", async () => {
    const source = await pyTorch("checkpoints/pytorch-bin-tiny/pytorch_model.bin");
    expect(source.entries.has("embeddings.word_embeddings.weight")).toBe(true);
    for (const [name, { shape }] of source.entries) {
      expect((await source.read(name)).length).toBe(shape.reduce((product, extent) => product * extent, 1));
    }
  });
});
