import { readFile } from "node:fs/promises";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { expect, test } from "@jest/globals";
import type { CheckpointSource } from "../checkpoint-source.js";
import { openCheckpoint } from "../open-checkpoint.js";
import { pathPlace } from "../place.js";
import { tensorFlow } from "./tensorflow-source.js";

async function openIndex(path: string): Promise<CheckpointSource> {
  const place = pathPlace(path);
  return tensorFlow.open(await place.open(), place);
}

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
