import { readFile } from "node:fs/promises";
import { type CheckpointSource, openCheckpoint } from "@bertkit/checkpoint";
import { lossAndGradients, openReference, tidy } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { dataPath, describeWithData, positionsOf, realRows, type Unpadded, unpad } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { openBackend } from "bertkit";
import type { Sequences } from "./sequences.js";
import { torchNames, unstacked } from "./torch-weights.js";
import { Transformer } from "./transformer.js";

// Five times what PyTorch's own float32 run is off (goldens' README): another order of summation has its own rounding.
const single = 5 * 1.9e-6;
const backends = {
  "reference, float64": () => openReference({ precision: "float64" as const }),
  reference: () => openReference(),
  wasm: () => openBackend({ device: "wasm" }),
};
const sizes = { vocabulary: 131, width: 48, heads: 4, innerWidth: 96, blocks: 2, positions: 64 };
const file = (name: string) => openCheckpoint(dataPath(`goldens/layers/${name}.safetensors`));

describeWithData("goldens/layers", "the Transformer equals torch.nn.Transformer", () => {
  describe.each(Object.entries(backends))("%s", (_, open) => {
    const backend = useBackend(open);

    async function load(): Promise<Transformer> {
      await using weights = unstacked(await file("transformer.weights"));
      const model = new Transformer(sizes);
      const { unused } = await model.load(weights, backend(), { names: torchNames });
      expect(unused).toEqual([]);
      return model;
    }

    test("what the encoder and the decoder give, and the logits", async () => {
      using model = await load();
      await using golden = await file("transformer");
      const [source, target] = [await sequencesOf(golden, "source"), await sequencesOf(golden, "target")];
      using memory = tidy(() => model.encode(source));
      const context = { hidden: memory, offsets: source.offsets };
      using output = tidy(() => model.decode(target, context));
      using logits = tidy(() => model.logits(output));
      for (const [name, tensor, { real }] of [
        ["memory", memory, source],
        ["output", output, target],
        ["logits", logits, target],
      ] as const) {
        const expected = realRows(await golden.read(`${name}_f64`), real, tensor.shape[1]);
        expect(largestDifference(await tensor.read(), expected)).toBeLessThan(single);
      }
    });

    test("the loss and the gradient of every parameter", async () => {
      using model = await load();
      await using golden = await file("transformer");
      await using gradients = unstacked(await file("transformer.gradients"));
      const { transformer_loss_f64: loss } = JSON.parse(await readFile(dataPath("goldens/layers/meta.json"), "utf8"));
      const [source, target] = [await sequencesOf(golden, "source"), await sequencesOf(golden, "target")];
      const parameters = new Map(model.parameters());
      using found = lossAndGradients(parameters.values(), () => model.loss(source, target));
      expect(Math.abs((await found.loss.read())[0]! - loss)).toBeLessThan(single);
      const wrong: string[] = [];
      for (const [path, parameter] of parameters) {
        const expected = await gradients.read(torchNames(path).name);
        const off = largestDifference(await found.gradients.get(parameter)!.read(), expected);
        if (!(off < single)) wrong.push(`${path} is off by ${off}`);
      }
      expect(wrong).toEqual([]);
    });
  });
});

/** The real tokens of a padded golden, end to end. */
async function sequencesOf(
  golden: CheckpointSource,
  side: "source" | "target",
): Promise<Sequences & { readonly real: Unpadded }> {
  const ids = await golden.read(`${side}_ids`);
  const real = unpad(await golden.read(`${side}_mask`), golden.entries.get(`${side}_ids`)!.shape[1]!);
  return {
    ids: Int32Array.from(realRows(ids, real)),
    positions: positionsOf(real.offsets),
    offsets: real.offsets,
    real,
  };
}
