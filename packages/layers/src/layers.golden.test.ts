import { type CheckpointSource, openCheckpoint } from "@bertkit/checkpoint";
import { type Backend, geluTanh, openReference, relu, Tensor, tidy } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { dataPath, describeWithData, realRows, type Unpadded, unpad } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { type MemoryArray, memorySource } from "./fixtures/memory-source.js";
import { DecoderBlock, LayerNorm, type NameRow, nameTable, sinusoids, TransformerBlock } from "./index.js";

// Five times what PyTorch's own float32 run is off (goldens' README): another order of summation has its own rounding.
const single = 5 * 1.9e-6;
// Sums of a few hundred doubles in another order. The weights are the same float32 numbers.
const double = 1e-13;

const backends: Record<string, { open: () => Promise<Backend | undefined>; limit: number }> = {
  "reference, float64": { open: async () => openReference({ precision: "float64" }), limit: double },
  reference: { open: async () => openReference(), limit: single },
  wasm: { open: () => openWasm(), limit: single },
};
const [width, heads] = [48, 4];
const epsilon = 1e-5;

describeWithData("goldens/layers", "the layers equal PyTorch's", () => {
  describe.each(Object.entries(backends))("%s", (_, { open, limit }) => {
    const backend = useBackend(open);

    test.each([
      ["plain", false, false],
      ["causal", true, false],
      ["padded", false, true],
    ])("an encoder layer, %s", async (name, causal, padded) => {
      await using golden = await openCheckpoint(dataPath("goldens/layers/encoder_layer.safetensors"));
      using block = new TransformerBlock({ width, heads, innerWidth: 96, epsilon, activation: relu, causal });
      const names = nameTable(torchRows);
      await block.load(await split("encoder_layer.weights", "in_proj_", "first"), backend(), { names });
      const real = padded ? await realOf(golden, "key_padding") : all(3, 10);
      using x = await input(backend(), golden, "x", real);
      const expected = realRows(await golden.read(`${name}_f64`), real, width);
      for (const prepared of [false, true]) {
        if (prepared) block.prepare();
        using output = tidy(() => block.forward(x, real.offsets).hidden);
        expect(largestDifference(await output.read(), expected)).toBeLessThan(limit);
      }
    });

    test.each([
      ["plain", false, false],
      ["causal", true, false],
      ["causal_padded", true, true],
    ])("a decoder layer with cross-attention, %s", async (name, causal, padded) => {
      await using golden = await openCheckpoint(dataPath("goldens/layers/decoder_layer.safetensors"));
      using block = new DecoderBlock({ width, heads, innerWidth: 96, epsilon, activation: relu, causal });
      const names = nameTable(decoderRows);
      await block.load(await split("decoder_layer.weights", "in_proj_", "first"), backend(), { names });
      const real = padded ? await realOf(golden, "key_padding") : all(3, 10);
      const realMemory = padded ? await realOf(golden, "memory_key_padding") : all(3, 13);
      using x = await input(backend(), golden, "x", real);
      using memory = await input(backend(), golden, "memory", realMemory);
      const context = { hidden: memory, offsets: realMemory.offsets };
      const expected = realRows(await golden.read(`${name}_f64`), real, width);
      for (const prepared of [false, true]) {
        if (prepared) block.prepare();
        using output = tidy(() => block.forward(x, real.offsets, { context }).hidden);
        expect(largestDifference(await output.read(), expected)).toBeLessThan(limit);
      }
    });

    test("GPT-2's blocks: pre-LN, causal, tanh GELU, weights as [inputs, outputs]", async () => {
      await using golden = await openCheckpoint(dataPath("goldens/layers/gpt2/outputs.safetensors"));
      const options = {
        width,
        heads,
        innerWidth: 192,
        epsilon,
        activation: geluTanh,
        causal: true,
        norm: "pre",
      } as const;
      using first = new TransformerBlock(options);
      using second = new TransformerBlock(options);
      using norm = new LayerNorm(width, epsilon);
      const source = await split("gpt2/model", "attn.c_attn.", "last");
      await first.load(source, backend(), { names: nameTable(gptRows, "transformer.h.0.") });
      await second.load(source, backend(), { names: nameTable(gptRows, "transformer.h.1.") });
      await norm.load(source, backend(), {
        names: (path) => ({ name: `transformer.ln_f.${path}`, transposed: false }),
      });
      const real = all(2, 16);
      using x = await input(backend(), golden, "hidden_states.0", real, "_f64");
      using middle = tidy(() => first.forward(x, real.offsets).hidden);
      using last = tidy(() => norm.forward(second.forward(middle, real.offsets).hidden));
      expect(largestDifference(await middle.read(), await golden.read("hidden_states.1_f64"))).toBeLessThan(limit);
      expect(largestDifference(await last.read(), await golden.read("hidden_states.2_f64"))).toBeLessThan(limit);
    });
  });

  test("the sinusoids", async () => {
    await using golden = await openCheckpoint(dataPath("goldens/layers/sinusoidal.safetensors"));
    // Computed in double precision and rounded once.
    const rounding = 2 ** -24;
    expect(largestDifference(sinusoids(64, width), await golden.read("table_f64"))).toBeLessThanOrEqual(rounding);
    expect(largestDifference(sinusoids(64, width), await golden.read("table"))).toBeLessThan(single);
  });
});

const attentionRows = (ours: string, theirs: string): NameRow[] =>
  ["query", "key", "value"].map((part) => [`${ours}.${part}`, `${theirs}.${part}`]);

const torchRows: readonly NameRow[] = [
  ...attentionRows("attention", "self_attn"),
  ["attention.output", "self_attn.out_proj"],
  ["attentionNorm", "norm1"],
  ["feedForward.expand", "linear1"],
  ["feedForward.contract", "linear2"],
  ["feedForwardNorm", "norm2"],
];

const decoderRows: readonly NameRow[] = [
  ...torchRows.filter(([ours]) => ours !== "feedForwardNorm"),
  ...attentionRows("crossAttention", "multihead_attn"),
  ["crossAttention.output", "multihead_attn.out_proj"],
  ["crossAttentionNorm", "norm2"],
  ["feedForwardNorm", "norm3"],
];

const kernel = (ours: string, theirs: string): NameRow[] => [
  [`${ours}.weight`, `${theirs}.weight`, "transposed"],
  [`${ours}.bias`, `${theirs}.bias`],
];

const gptRows: readonly NameRow[] = [
  ...["query", "key", "value"].flatMap((part) => kernel(`attention.${part}`, part)),
  ...kernel("attention.output", "attn.c_proj"),
  ["attentionNorm", "ln_1"],
  ...kernel("feedForward.expand", "mlp.c_fc"),
  ...kernel("feedForward.contract", "mlp.c_proj"),
  ["feedForwardNorm", "ln_2"],
];

/** A golden's weights with the arrays that stack query, key and value along `axis` cut into three. */
async function split(file: string, stacked: string, axis: "first" | "last"): Promise<CheckpointSource> {
  await using source = await openCheckpoint(dataPath(`goldens/layers/${file}.safetensors`));
  const arrays: Record<string, MemoryArray> = {};
  for (const [name, { shape }] of source.entries) {
    const values = await source.read(name);
    if (!name.includes(stacked)) {
      arrays[name] = { shape, values };
      continue;
    }
    const stride = axis === "last" ? shape.at(-1)! : values.length;
    const third = stride / 3;
    for (const [i, part] of ["query", "key", "value"].entries()) {
      arrays[name.replace(stacked, `${part}.`)] = {
        shape: axis === "last" ? [...shape.slice(0, -1), width] : [width, ...shape.slice(1)],
        values: values.filter((_, at) => Math.floor((at % stride) / third) === i),
      };
    }
  }
  return memorySource(arrays);
}

async function input(
  backend: Backend,
  golden: CheckpointSource,
  name: string,
  real: Unpadded,
  suffix = "",
): Promise<Tensor> {
  const rows = realRows(await golden.read(name + suffix), real, width);
  return Tensor.from(backend, rows, [rows.length / width, width]);
}

const all = (sequences: number, length: number): Unpadded => unpad(new Int32Array(sequences * length).fill(1), length);

async function realOf(golden: CheckpointSource, padding: string): Promise<Unpadded> {
  const { shape } = golden.entries.get(padding)!;
  const isPadding = await golden.read(padding);
  return unpad(
    isPadding.map((flag) => 1 - flag),
    shape[1]!,
  );
}
