import { readFile } from "node:fs/promises";
import { openCheckpoint } from "@bertkit/checkpoint";
import { openReference, tidy } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { dataPath, describeWithData, positionsOf } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { openBackend } from "bertkit";
import { loadGpt2 } from "./load-gpt2.js";
import { write } from "./write.js";

// Five times what PyTorch's own float32 run is off (goldens' README): another order of summation has its own rounding.
const single = 5 * 1.9e-6;
const backends = {
  "reference, float64": () => openReference({ precision: "float64" as const }),
  reference: () => openReference(),
  wasm: () => openBackend({ device: "wasm" }),
};
const folder = dataPath("goldens/layers/gpt2");
const [length, vocabulary] = [16, 131];
const offsets = Int32Array.of(0, length, 2 * length);

describeWithData("goldens/layers/gpt2", "GPT-2 equals that of transformers", () => {
  describe.each(Object.entries(backends))("%s", (_, open) => {
    const backend = useBackend(open);

    test("every layer's hidden states, the logits and the loss", async () => {
      await using golden = await openCheckpoint(`${folder}/outputs.safetensors`);
      const ids = Int32Array.from(await golden.read("input_ids"));
      const sequences = { ids, positions: positionsOf(offsets), offsets };
      const { gpt2 } = JSON.parse(await readFile(dataPath("goldens/layers/meta.json"), "utf8"));
      using model = await loadGpt2(folder, backend());
      for (const prepared of [false, true]) {
        if (prepared) model.prepare();
        const layers = tidy(() => model.layers(sequences));
        using logits = tidy(() => model.logits(layers.at(-1)!));
        using loss = tidy(() => model.loss(sequences));
        for (const [i, layer] of layers.entries()) {
          expect(largestDifference(await layer.read(), await golden.read(`hidden_states.${i}_f64`))).toBeLessThan(
            single,
          );
          layer.dispose();
        }
        expect(largestDifference(await logits.read(), await golden.read("logits_f64"))).toBeLessThan(single);
        expect(Math.abs((await loss.read())[0]! - gpt2.loss_f64)).toBeLessThan(single);
      }
    });

    test("after every beginning it writes the token of the largest logit", async () => {
      await using golden = await openCheckpoint(`${folder}/outputs.safetensors`);
      const ids = [...(await golden.read("input_ids"))].slice(0, length);
      const logits = await golden.read("logits_f64");
      using model = (await loadGpt2(folder, backend())).freeze().prepare();
      for (let row = 0; row < length; row++) {
        const ofRow = [...logits.subarray(row * vocabulary, (row + 1) * vocabulary)];
        expect(await write(model, ids.slice(0, row + 1), 1)).toEqual([ofRow.indexOf(Math.max(...ofRow))]);
      }
    });

    // Recorded from transformers 5.23.0: generate(max_new_tokens=12, do_sample=False), no token ends it.
    test.each([
      [
        [2, 104, 70, 124, 11, 106],
        [93, 79, 79, 79, 76, 79, 83, 125, 128, 79, 125, 79],
      ],
      [
        [2, 97, 122, 99, 99, 28],
        [79, 104, 83, 26, 26, 26, 26, 34, 33, 76, 33, 83],
      ],
    ])("it writes what transformers' greedy generation writes after %j", async (ids, expected) => {
      using model = (await loadGpt2(folder, backend())).freeze().prepare();
      expect(await write(model, ids, 12)).toEqual(expected);
    });
  });
});
