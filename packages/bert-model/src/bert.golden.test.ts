import { readFile } from "node:fs/promises";
import { openCheckpoint } from "@bertkit/checkpoint";
import { openReference, tidy } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { dataPath, describeWithData, positionsOf, realRows, realWeights, unpad } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { bertConfigFromHuggingFace } from "./config/hugging-face.js";
import { loadBert } from "./load-bert.js";

// Five times what PyTorch's own float32 run is off (goldens' README): another order of summation has its own rounding.
const hiddenTolerance = 5 * 2.1e-6;
const pooledTolerance = 5 * 1.2e-6;
const attentionTolerance = 5 * 4.7e-7;

// Sums of a few hundred doubles in another order. The weights are the same float32 numbers.
const double = 1e-12;

const backends = {
  "reference, float64": { open: () => openReference({ precision: "float64" }), hidden: double, pooled: double },
  reference: { open: () => openReference(), hidden: hiddenTolerance, pooled: pooledTolerance },
  wasm: { open: () => openWasm(), hidden: hiddenTolerance, pooled: pooledTolerance },
};

describeWithData("goldens/encoder", "a BERT equals Hugging Face's on packed rows", () => {
  describe.each(Object.entries(backends))("%s", (_, { open, hidden, pooled }) => {
    const backend = useBackend(open);
    test.each(["gelu", "gelu_new", "relu", "silu"])("%s", async (activation) => {
      const folder = dataPath("goldens/encoder", activation);
      const config = bertConfigFromHuggingFace(JSON.parse(await readFile(`${folder}/config.json`, "utf8")));
      await using inputs = await openCheckpoint(dataPath("goldens/encoder/inputs.safetensors"));
      await using doubles = await openCheckpoint(`${folder}/outputs_f64.safetensors`);
      await using singles = await openCheckpoint(`${folder}/outputs.safetensors`);
      await using weights = await openCheckpoint(folder);
      const { bert, unused } = await loadBert(weights, config, backend());
      expect(unused).toEqual([]);
      using _model = bert;
      const length = 48;
      const real = unpad(await inputs.read("attention_mask"), length);
      const batch = {
        ids: Int32Array.from(realRows(await inputs.read("input_ids"), real)),
        typeIds: Int32Array.from(realRows(await inputs.read("token_type_ids"), real)),
        positions: positionsOf(real.offsets),
        offsets: real.offsets,
      };
      for (const prepared of [false, true]) {
        if (prepared) bert.prepare();
        let layers = 0;
        const tensors = tidy(() => {
          const output = bert.forward(batch, { layers: true, attention: "probabilities" });
          layers = output.layers.length;
          return [output.pooled!, ...output.layers, ...output.attention];
        });
        const values = await Promise.all(tensors.map((tensor) => tensor.read()));
        for (const tensor of tensors) tensor.dispose();
        expectWithin(values[0]!, await doubles.read("pooler_output"), pooled);
        expect(layers).toBe(config.layers + 1);
        for (let layer = 0; layer < layers; layer++) {
          // Only one of the four has every layer in double precision.
          const name = `hidden_states.${layer}`;
          const inDoubles = doubles.entries.has(name);
          const expected = await (inDoubles ? doubles : singles).read(name);
          const limit = inDoubles ? hidden : hiddenTolerance;
          expectWithin(values[1 + layer]!, realRows(expected, real, config.width), limit);
        }
        for (let layer = 0; layer < config.layers; layer++) {
          const expected = realWeights(await singles.read(`attentions.${layer}`), real, config.heads, length);
          expectWithin(values[1 + layers + layer]!, expected, attentionTolerance);
        }
        using fused = tidy(() => bert.forward(batch).hidden);
        const last = realRows(await doubles.read("last_hidden_state"), real, config.width);
        expectWithin(await fused.read(), last, hidden);
      }
    });
  });
});

/** The largest absolute difference, as the goldens' README measures it. */
function expectWithin(actual: ArrayLike<number>, expected: ArrayLike<number>, limit: number): void {
  expect(largestDifference(actual, expected)).toBeLessThanOrEqual(limit);
}
