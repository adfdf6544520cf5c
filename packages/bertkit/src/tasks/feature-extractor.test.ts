import { readFile } from "node:fs/promises";
import { bertConfigFromHuggingFace, loadBert } from "@bertkit/bert-model";
import { openCheckpoint } from "@bertkit/checkpoint";
import { type Backend, openReference } from "@bertkit/tensor";
import { expectClose, useBackend } from "@bertkit/tensor/testing";
import { BertTokenizer } from "@bertkit/tokenizer";
import { openWasm } from "@bertkit/wasm";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, jest, test } from "@jest/globals";
import { readRecordedInspection, recordedMaxLength } from "../fixtures/recorded-inspection.js";
import { collect, streamOf } from "../fixtures/streams.js";
import { useTinyModels } from "../fixtures/tiny-models.js";
import { featureLine } from "../inspection/feature-line.js";
import { FeatureExtractor, type Features, loadFeatureExtractor } from "./feature-extractor.js";
import { TaskModel } from "./task-model.js";

const models = useTinyModels();

/** Of hidden states up to 4, in float32 against double precision. */
const tinyTolerance = 1e-5;
/** Of hidden states up to 10.5, in float32 both. */
const miniLmTolerance = 1e-4;

describe.each(["reference", "wasm"] as const)("features on the %s backend", (device) => {
  test("are the hidden states that transformers has, of the blocks that were asked for", async () => {
    const { inputs, tokens, arrays } = await readRecordedInspection();
    const options = { device, maxLength: recordedMaxLength };
    using extractor = await loadFeatureExtractor(await models.write("tiny"), options);
    const found = await extractor.extract(inputs, { layers: [-1, 0, -2] });
    for (const [i, features] of found.entries()) {
      expect(features.tokens).toEqual(tokens[i]);
      expect(features.layers.map(({ index }) => index)).toEqual([-1, 0, -2]);
      for (const [at, block] of [2, 1, 1].entries()) {
        const { values } = arrays.get(`text.${i}.hidden.${block}`)!;
        expectClose(features.layers[at]!.values, values, tinyTolerance, `text ${i}, block ${block}`);
      }
    }
    expect(found).toHaveLength(inputs.length);
  });

  test("a text has the same features alone, in a stream and under a language head", async () => {
    const { inputs } = await readRecordedInspection();
    using extractor = await loadFeatureExtractor(await models.write("tiny"), { device });
    using pretrained = await loadFeatureExtractor(await models.write("pretrained", { head: "BertForPreTraining" }), {
      device,
    });
    const together = await extractor.extract(inputs);
    const alone = await Promise.all(inputs.map(async (input) => (await extractor.extract([input]))[0]));
    expect(alone).toEqual(together);
    expect(await collect(extractor.extract(streamOf(inputs), { batchTokens: 7 }))).toEqual(together);
    expect(await pretrained.extract(inputs)).toEqual(together);
  });
});

describe("features", () => {
  test("are of the last four blocks, or of as many as there are", async () => {
    using two = await loadFeatureExtractor(await models.write("two"));
    using five = await loadFeatureExtractor(await models.write("five", { sizes: { layers: 5 } }));
    const indicesOf = async (extractor: FeatureExtractor) =>
      (await extractor.extract(["a"])).flatMap(({ layers }) => layers.map(({ index }) => index));
    expect(await indicesOf(two)).toEqual([-1, -2]);
    expect(await indicesOf(five)).toEqual([-1, -2, -3, -4]);
    expect(two.width).toBe(32);
  });

  test("refuse blocks that there are not", async () => {
    using extractor = await loadFeatureExtractor(await models.write("tiny"));
    const extract = (layers: number[]) => extractor.extract(["a"], { layers });
    await expect(extract([-1, 2])).rejects.toThrow("layers: this model's are -2 to 1, got 2");
    await expect(extract([-3])).rejects.toThrow("got -3");
    await expect(extract([0.5])).rejects.toThrow("got 0.5");
    await expect(extract([])).rejects.toThrow("got none");
  });
});

describeWithData("goldens/encoder", "a golden encoder's features", () => {
  // How far the last of six decimals may be off. In float32, sums in another order than the golden's differ by more:
  // PyTorch's own are up to 2 off as well.
  describe.each([
    ["reference, float64", () => openReference({ precision: "float64" }), 1],
    ["reference", () => openReference(), 1],
    ["wasm", () => openWasm(), 2],
  ] as const)("on the %s backend", (_, open, most) => {
    const backend = useBackend(open);

    test("equal digit for digit what its hidden states say", async () => {
      using extractor = await goldenExtractor(backend());
      const rows = ["0", "1", "2", "3", "4"];
      await using outputs = await openCheckpoint(dataPath("goldens/encoder/gelu/outputs_f64.safetensors"));
      const found = await extractor.extract(rows);
      const golden = await Promise.all([3, 2, 1].map((block) => outputs.read(`hidden_states.${block}`)));
      const differences = found.flatMap((features, row) => {
        const millionths = millionthsIn(features);
        return millionths.flatMap((numbers, layer) => {
          const start = (row * golden[layer]!.length) / rows.length;
          return numbers.map((number, i) => Math.abs(number - Math.round(1e6 * golden[layer]![start + i]!)));
        });
      });
      expect(differences).toHaveLength(3 * 77 * 48);
      expect(Math.max(...differences)).toBeLessThanOrEqual(most);
      expect(differences.filter((difference) => difference > 1).length).toBeLessThan(differences.length / 1000);
    });
  });
});

/** What a line of features says, a layer each, in millionths. */
function millionthsIn({ tokens, layers }: Features): number[][] {
  const { features }: { features: { layers: { values: number[] }[] }[] } = JSON.parse(featureLine(0, tokens, layers));
  return layers.map((_, layer) =>
    features.flatMap(({ layers }) => layers[layer]!.values.map((value) => Math.round(1e6 * value))),
  );
}

/** The golden encoder behind a tokenizer that gives the rows of its batch, which no text has, by their numbers. */
async function goldenExtractor(backend: Backend): Promise<FeatureExtractor> {
  const folder = dataPath("goldens/encoder/gelu");
  const config = bertConfigFromHuggingFace(JSON.parse(await readFile(`${folder}/config.json`, "utf8")));
  await using source = await openCheckpoint(`${folder}/model.safetensors`);
  const { bert } = await loadBert(source, { ...config, pooler: false }, backend);
  await using batch = await openCheckpoint(dataPath("goldens/encoder/inputs.safetensors"));
  const length = batch.entries.get("input_ids")!.shape[1]!;
  const [ids, typeIds, mask] = await Promise.all(
    ["input_ids", "token_type_ids", "attention_mask"].map((name) => batch.read(name)),
  );
  const words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ...Array.from({ length: 127 }, (_, i) => `w${i + 4}`)];
  const tokenizer = BertTokenizer.fromVocabulary(words.join("\n"));
  jest.spyOn(tokenizer, "encode").mockImplementation((row) => {
    const start = Number(row) * length;
    const tokens = mask!.subarray(start, start + length).filter(Boolean).length;
    const idsOfRow = Int32Array.from(ids!.subarray(start, start + tokens));
    return {
      length: tokens,
      ids: idsOfRow,
      typeIds: Int32Array.from(typeIds!.subarray(start, start + tokens)),
      tokens: Array.from(idsOfRow, (id) => words[id]!),
      ranges: new Int32Array(2 * tokens),
      wordIds: new Int32Array(tokens),
      sequenceIds: new Int32Array(tokens),
      specialMask: new Uint8Array(tokens),
      truncated: false,
    };
  });
  const parts = { tokenizer, encoder: bert, head: undefined, maxLength: length, backend, owned: [bert] };
  return new FeatureExtractor(new TaskModel(parts));
}

describeWithData("checkpoints/all-MiniLM-L6-v2", "all-MiniLM-L6-v2", () => {
  test("has the features that transformers reads from the same texts", async () => {
    const { texts, detailed_texts: detailed } = JSON.parse(
      await readFile(dataPath("goldens/minilm/texts.json"), "utf8"),
    );
    await using details = await openCheckpoint(dataPath("goldens/minilm/details.safetensors"));
    using extractor = await loadFeatureExtractor(dataPath("checkpoints/all-MiniLM-L6-v2"), { maxLength: 256 });
    for (const i of detailed) {
      const [features] = await extractor.extract([texts[i]]);
      const states = await details.read(`text${i}.hidden_states`);
      const size = states.length / 7;
      for (const { index, values } of features!.layers) {
        const golden = states.subarray((7 + index) * size, (8 + index) * size);
        expectClose(values, golden, miniLmTolerance, `text ${i}, layer ${index}`);
      }
    }
  }, 60_000);
});
