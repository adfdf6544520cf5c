import { openCheckpoint, serializeSafetensors } from "@bertkit/checkpoint";
import {
  lossAndGradients,
  openReference,
  quantizeRows,
  RandomStream,
  relu,
  sum,
  Tensor,
  tidy,
  UnsupportedError,
} from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { filled } from "./fixtures/filled.js";
import { counting, memorySource } from "./fixtures/memory-source.js";
import {
  Embedding,
  LayerNorm,
  Linear,
  Module,
  namedArrays,
  nameTable,
  QuantizedEmbedding,
  QuantizedLinear,
  quantize,
  SinusoidalEmbedding,
  TransformerBlock,
} from "./index.js";

const backend = useBackend(() => openReference());
const block = () => new TransformerBlock({ width: 8, heads: 2, innerWidth: 12 });
const offsets = Int32Array.of(0, 2, 5);

async function outputOf(module: TransformerBlock): Promise<number[]> {
  const random = new RandomStream(3);
  using x = Tensor.from(
    backend(),
    Float32Array.from({ length: 40 }, () => random.normal()),
    [5, 8],
  );
  using y = tidy(() => module.forward(x, offsets).hidden);
  return [...(await y.read())];
}

async function stateOf(module: Module): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for (const [path, parameter] of module.parameters()) state[path] = await parameter.read();
  return state;
}

describe("quantize", () => {
  /** Everything a Linear or an Embedding may stand in. */
  class Sampler extends Module {
    readonly words = new Embedding(4, 2);
    readonly waves = new SinusoidalEmbedding(4, 2);
    readonly norm = new LayerNorm(2);
    readonly absent: Linear | undefined = undefined;
    readonly stack = [[new Linear(2, 2, { bias: false })], [block()]];
    readonly tied = this.stack[0]![0]!;
  }

  test("puts int8 in the place of every linear map and embedding, and leaves the rest", async () => {
    const sampler = new Sampler();
    await quantize(sampler);
    expect(sampler.words).toBeInstanceOf(QuantizedEmbedding);
    expect(sampler.waves).toBeInstanceOf(SinusoidalEmbedding);
    expect(sampler.stack[0]![0]).toBeInstanceOf(QuantizedLinear);
    expect(sampler.tied).toBe(sampler.stack[0]![0]);
    const inBlock = (sampler.stack[1]![0] as TransformerBlock).feedForward.expand;
    expect([inBlock.weight.dtype, inBlock.weight.shape, inBlock.bias?.dtype]).toEqual(["int8", [12, 8], "float32"]);
    expect(Array.from(sampler.parameters(), ([path]) => path).slice(0, 6)).toEqual([
      "words.weight",
      "words.scale",
      "norm.weight",
      "norm.bias",
      "stack.0.0.weight",
      "stack.0.0.scale",
    ]);
  });

  test("of what holds numbers quantises them and gives the float ones back, prepared and frozen as they were", async () => {
    using module = filled(block(), backend());
    const before = await outputOf(module);
    const floats = backend().memory.bytes;
    await quantize(module.prepare().freeze());
    expect(backend().memory.bytes).toBeLessThan(0.5 * floats);
    const { query } = module.attention;
    expect([query.weight.prepared, query.weight.trainable]).toEqual([true, false]);
    const after = await outputOf(module);
    for (const [i, value] of after.entries()) expect(Math.abs(value - before[i]!)).toBeLessThan(0.1);
    expect(after).not.toEqual(before);
  });

  test("twice is once", async () => {
    using module = filled(block(), backend());
    await quantize(module);
    const { query } = module.attention;
    await quantize(module);
    expect(module.attention.query).toBe(query);
  });

  test("of a part alone is refused with what to use", async () => {
    await expect(quantize(new Linear(1, 1))).rejects.toThrow(
      "quantize changes what is inside a module: for this one use QuantizedLinear.from",
    );
    await expect(quantize(new Embedding(1, 1))).rejects.toThrow(UnsupportedError);
  });
});

describe("QuantizedLinear", () => {
  test("from a Linear: levels, scales, the bias as it is, and an activation", async () => {
    using linear = new Linear(3, 2);
    linear.weight.place(backend(), Float32Array.of(63, 0, 0, 0, -63, 126));
    linear.bias!.place(backend(), Float32Array.of(0.5, -1));
    using quantized = await QuantizedLinear.from(linear);
    expect(await stateOf(quantized)).toEqual({
      weight: Int8Array.of(63, 0, 0, 0, -32, 63),
      scale: Float32Array.of(1, 2),
      bias: Float32Array.of(0.5, -1),
    });
    using x = Tensor.from(backend(), Float32Array.of(255, 0, 0, 0, 255, 0), [2, 3]);
    using y = tidy(() => quantized.forward(x, relu));
    expect([...(await y.read())]).toEqual([63 * 255 + 0.5, 0, 0.5, 0]);
    expect(linear.weight.placed).toBe(true);
  });
});

describe("QuantizedEmbedding", () => {
  test("from an Embedding: a row is its levels times its scale", async () => {
    using embedding = new Embedding(3, 2);
    embedding.weight.place(backend(), Float32Array.of(127, 1, 0, 0, -63.5, 2));
    using quantized = await QuantizedEmbedding.from(embedding);
    using rows = tidy(() => quantized.forward(Int32Array.of(2, 0, 1)));
    expect([rows.shape, [...(await rows.read())]]).toEqual([
      [3, 2],
      [-63.5, 2, 127, 1, 0, 0],
    ]);
  });

  test("refuses an id that has no row", () => {
    expect(() => new QuantizedEmbedding(3, 2).forward(Int32Array.of(0, 3))).toThrow(
      "Embedding: id 3 at 1 is not one of 3 rows (0 … 2)",
    );
  });
});

describe("training", () => {
  test("from fresh numbers is refused", () => {
    const module = new QuantizedLinear(2, 2);
    expect(() => module.initialize(backend(), new RandomStream(1))).toThrow(
      "weight holds int8, which is made from trained numbers: initialize before quantize",
    );
    expect(backend().memory.buffers).toBe(0);
  });

  test("is refused, with what to do", async () => {
    using module = filled(block(), backend());
    await quantize(module);
    using x = Tensor.from(backend(), new Float32Array(40).fill(1), [5, 8]);
    const step = () => {
      const parameters = Array.from(module.parameters(), ([, parameter]) => parameter);
      return lossAndGradients(parameters, () => sum(module.forward(x, offsets).hidden));
    };
    expect(step).toThrow("holds int8, which has no gradient: freeze() it, or load the model in float32 to train it");
  });
});

describe("loading into int8", () => {
  test("from floats gives what quantising the loaded ones gives, and from int8 the same again", async () => {
    using floats = filled(block(), backend());
    const bytes = serializeSafetensors(await read(floats));
    await quantize(floats);

    using fromFloats = block();
    await quantize(fromFloats);
    expect(await fromFloats.load(await openCheckpoint(bytes), backend())).toEqual({ unused: [] });
    expect(await stateOf(fromFloats)).toEqual(await stateOf(floats));

    const source = await openCheckpoint(serializeSafetensors(await read(fromFloats)));
    expect(source.entries.get("feedForward.expand.weight")).toMatchObject({ dtype: "int8", shape: [12, 8] });
    using fromLevels = block();
    await quantize(fromLevels);
    expect(await fromLevels.load(source, backend())).toEqual({ unused: [] });
    expect(await stateOf(fromLevels)).toEqual(await stateOf(floats));
    expect(await outputOf(fromLevels)).toEqual(await outputOf(floats));
  });

  test("never holds more than a piece of the floats", async () => {
    // 1 MiB holds 87 rows of 3001 floats, and 349 rows of levels.
    const [rows, width] = [200, 3001];
    using table = new QuantizedEmbedding(rows, width);
    const source = memorySource({ weight: counting(rows, width) });
    await table.load(source, backend());
    expect(source.reads.map(([, range]) => range)).toEqual([
      [0, 87],
      [87, 174],
      [174, 200],
    ]);
    const { levels, scales } = quantizeRows(counting(rows, width).values, width, "quantizedRows");
    const read = await table.weight.read();
    expect(read.length === levels.length && read.every((level, i) => level === levels[i])).toBe(true);
    expect(await table.scale.read()).toEqual(scales);
    expect(backend().memory.bytes).toBe(rows * width + 4 * rows);
  });

  test("from an array that is transposed in the file", async () => {
    using module = new QuantizedLinear(2, 3, { bias: false });
    const names = nameTable([["weight", "kernel", "transposed"]]);
    await module.load(memorySource({ kernel: counting(2, 3) }), backend(), { names });
    // Our rows are [0, 3], [1, 4] and [2, 5].
    expect(await stateOf(module)).toEqual({
      weight: Int8Array.of(0, 63, 16, 63, 25, 63),
      scale: Float32Array.of(3 / 63, 4 / 63, 5 / 63),
    });
    const levels = { kernel: { shape: [2, 3], values: new Int8Array(6), dtype: "int8" } };
    await expect(module.load(memorySource(levels), backend(), { names })).rejects.toThrow(UnsupportedError);
  });

  const levels = (...values: number[]) => ({ shape: [2, 2], values: Int8Array.from(values), dtype: "int8" });
  test.each([
    ["missing scales", { weight: levels(1, 2, 3, 4) }, "missing scale (for scale)"],
    ["scales of another shape", { weight: levels(1, 2, 3, 4), scale: counting(3) }, "scale is [3], scale needs [2]"],
    [
      "scales of another kind",
      { weight: levels(1, 2, 3, 4), scale: { ...counting(2), dtype: "float16" } },
      "scale is float16, scale needs float32",
    ],
    [
      "levels beyond the largest",
      { weight: levels(1, -64, 3, 4), scale: counting(2) },
      "weight holds the level -64, levels go from -63 to 63",
    ],
    ["bytes without a sign", { weight: { ...levels(1), dtype: "uint8" } }, "needs floating-point numbers"],
  ])("refuses %s, and nothing stays allocated", async (_, arrays, message) => {
    const module = new QuantizedLinear(2, 2, { bias: false });
    await expect(module.load(memorySource(arrays), backend())).rejects.toThrow(message);
    expect(backend().memory.buffers).toBe(0);
  });

  test("a float module refuses int8", async () => {
    const module = new Linear(2, 2, { bias: false });
    const loading = module.load(memorySource({ weight: levels(1, 2, 3, 4), scale: counting(2) }), backend());
    await expect(loading).rejects.toThrow("weight is int8, weight needs floating-point numbers");
  });
});

/** All arrays, read: what `serializeSafetensors` takes. */
async function read(module: Module) {
  const arrays = [];
  for (const array of namedArrays(module)) {
    arrays.push({ ...array, values: typeof array.values === "function" ? await array.values() : array.values });
  }
  return arrays;
}

test("namedArrays spells names by a table, and refuses one that transposes", () => {
  const module = new QuantizedLinear(2, 3);
  const prefixed = (path: string) => ({ name: `dense.${path}`, transposed: false });
  const arrays = Array.from(namedArrays(module, prefixed), ({ name, shape, dtype }) => [name, shape, dtype]);
  expect(arrays).toEqual([
    ["dense.weight", [3, 2], "int8"],
    ["dense.scale", [3], "float32"],
    ["dense.bias", [3], "float32"],
  ]);
  const transposed = (path: string) => ({ name: `${path}/kernel`, transposed: true });
  expect(() => Array.from(namedArrays(module, transposed))).toThrow(
    "weight/kernel would have to be transposed: write under other names",
  );
});
