import { readFile } from "node:fs/promises";
import { type CheckpointSource, openCheckpoint } from "@bertkit/checkpoint";
import { tidy } from "@bertkit/tensor";
import { expectClose, largestDifference } from "@bertkit/tensor/testing";
import { packEncodings } from "@bertkit/tokenizer";
import { dataPath, describeWithData, spearman } from "@bertkit-tooling/test-data";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Device } from "./devices.js";
import { loadSentenceEncoder } from "./load-sentence-encoder.js";
import type { LocalSentenceEncoder } from "./local-sentence-encoder.js";

const width = 384;
/** Of every number of a vector of length 1, against the reference in float64. */
const vectorTolerance = 1e-5;
/** Of hidden states (up to 10.5) and probabilities, against a reference in float32. */
const stateTolerance = 1e-4;

describeWithData("checkpoints/all-MiniLM-L6-v2", "all-MiniLM-L6-v2 equals PyTorch", () => {
  let texts: string[];
  let detailed: number[];
  let expected: ArrayLike<number>;
  let details: CheckpointSource;

  beforeAll(async () => {
    const json = JSON.parse(await readFile(dataPath("goldens/minilm/texts.json"), "utf8"));
    [texts, detailed] = [json.texts, json.detailed_texts];
    await using embeddings = await openCheckpoint(dataPath("goldens/minilm/embeddings.safetensors"));
    expected = await embeddings.read("embeddings_f64");
    details = await openCheckpoint(dataPath("goldens/minilm/details.safetensors"));
  });
  afterAll(() => details.close());

  const expectedVector = (i: number): ArrayLike<number> =>
    Float64Array.from({ length: width }, (_, j) => expected[i * width + j]!);

  // The reference backend computes a text in a third of a second: alone it is shown on every tenth text.
  describe.each([
    ["wasm", 1],
    ["reference", 10],
  ] as const)("on the %s backend", (device: Device, every) => {
    let model: LocalSentenceEncoder;
    beforeAll(async () => {
      model = await loadSentenceEncoder(dataPath("checkpoints/all-MiniLM-L6-v2"), { device });
    });
    afterAll(() => model[Symbol.dispose]());

    test("the vectors of all texts in batches", async () => {
      const vectors = await model.encode(texts, { batchTokens: 777 });
      for (const [i, vector] of vectors.entries()) {
        expectClose(vector, expectedVector(i), vectorTolerance, `text ${i}`);
      }
    }, 300_000);

    test("the vectors of texts alone, the same to the bit as in a batch", async () => {
      const some = texts.flatMap((text, i) => (i % every === 0 ? [{ text, i }] : []));
      const together = await model.encode(some.map(({ text }) => text));
      for (const [at, { text, i }] of some.entries()) {
        const [vector] = await model.encode([text]);
        expectClose(vector!, expectedVector(i), vectorTolerance, `text ${i}`);
        expect(largestDifference(vector!, together[at]!)).toBe(0);
      }
    }, 300_000);

    test("hidden states and attention probabilities", async () => {
      for (const i of detailed) {
        const batch = packEncodings([model.tokenizer.encode(texts[i]!, { maxLength: model.maxLength })]);
        const tensors = tidy(() => {
          const { layers, attention } = model.encoder.forward(batch, { layers: true, attention: "probabilities" });
          return [...layers, ...attention];
        });
        const values = await Promise.all(tensors.map((tensor) => tensor.read()));
        for (const tensor of tensors) tensor.dispose();
        const layers = values.slice(0, 7).flatMap((layer) => [...layer]);
        const attention = values.slice(7).flatMap((weights) => [...weights]);
        expectClose(layers, await details.read(`text${i}.hidden_states`), stateTolerance, `hidden states of text ${i}`);
        expectClose(attention, await details.read(`text${i}.attentions`), stateTolerance, `attention of text ${i}`);
      }
    }, 300_000);
  });

  test("STS-B dev: the same Spearman correlation to four decimals", async () => {
    const { f64 } = JSON.parse(await readFile(dataPath("goldens/minilm/sts.json"), "utf8"));
    const lines = (await readFile(dataPath("similarity/stsb/dev.tsv"), "utf8")).split("\n").slice(1).filter(Boolean);
    const columns = lines.map((line) => line.replace(/\r$/, "").split("\t"));
    expect(columns).toHaveLength(1500);
    using model = await loadSentenceEncoder(dataPath("checkpoints/all-MiniLM-L6-v2"));
    const vectors = await model.encode(columns.flatMap((row) => [row[7]!, row[8]!]));
    const cosines = columns.map((_, i) => vectors[2 * i]!.reduce((sum, x, j) => sum + x * vectors[2 * i + 1]![j]!, 0));
    const gold = columns.map((row) => Number(row[9]));
    expect(spearman(cosines, gold).toFixed(4)).toBe(Number(f64.spearman).toFixed(4));
  }, 300_000);
});
