import { openCheckpoint, serializeSafetensors } from "@bertkit/checkpoint";
import { expect, test } from "@jest/globals";
import { torchNames, unstacked } from "./torch-weights.js";

const counting = (name: string, ...shape: number[]) => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { name, shape, dtype: "float32" as const, values: Float32Array.from({ length: size }, (_, i) => i) };
};

test("query, key and value are thirds of torch's stacked rows, whole and by rows", async () => {
  await using source = unstacked(
    await openCheckpoint(
      serializeSafetensors([
        counting("embed.weight", 1, 2),
        counting("self_attn.in_proj_weight", 6, 2),
        counting("self_attn.in_proj_bias", 6),
      ]),
    ),
  );
  expect(source.entries.get("self_attn.key.weight")).toEqual({ shape: [2, 2], dtype: "float32" });
  expect(source.entries.has("self_attn.in_proj_weight")).toBe(false);
  expect([...(await source.read("self_attn.query.weight"))]).toEqual([0, 1, 2, 3]);
  expect([...(await source.read("self_attn.value.weight", { rows: [1, 2] }))]).toEqual([10, 11]);
  const into = new Float32Array(2);
  expect(await source.read("self_attn.key.bias", { into })).toBe(into);
  expect([...into]).toEqual([2, 3]);
  expect([...(await source.read("embed.weight"))]).toEqual([0, 1]);
});

test("a decoder has norm2 after its cross-attention, an encoder after its feed-forward", () => {
  expect(torchNames("encoder.1.feedForwardNorm.weight").name).toBe("transformer.encoder.layers.1.norm2.weight");
  expect(torchNames("decoder.1.crossAttentionNorm.weight").name).toBe("transformer.decoder.layers.1.norm2.weight");
  expect(torchNames("decoder.0.crossAttention.key.bias").name).toBe(
    "transformer.decoder.layers.0.multihead_attn.key.bias",
  );
});
