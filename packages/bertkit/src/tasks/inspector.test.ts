import { expectClose } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { readRecordedInspection, recordedMaxLength } from "../fixtures/recorded-inspection.js";
import { collect, streamOf } from "../fixtures/streams.js";
import { useTinyModels } from "../fixtures/tiny-models.js";
import { type InspectedText, inspectionArrays } from "../inspection/inspection-arrays.js";
import { loadInspector } from "./inspector.js";

const models = useTinyModels();

/** In float32 against double precision: of hidden states up to 4, and of probabilities. */
const tolerance = 1e-5;

describe.each(["reference", "wasm"] as const)("an inspection on the %s backend", (device) => {
  const options = { device, maxLength: recordedMaxLength };

  test("has the attention, hidden states and ranges that transformers has", async () => {
    const recorded = await readRecordedInspection();
    using inspector = await loadInspector(await models.write("tiny"), options);
    const found = await inspector.inspect(recorded.inputs);
    expect(found.map(({ tokens }) => tokens)).toEqual(recorded.tokens);
    const { arrays } = inspectionArrays(found);
    expect(new Map(arrays.map(({ name, shape }) => [name, shape]))).toEqual(
      new Map(Array.from(recorded.arrays, ([name, { shape }]) => [name, shape])),
    );
    for (const { name, values } of arrays) expectClose(values, recorded.arrays.get(name)!.values, tolerance, name);
  });

  test("a row of attention sums to 1, from [CLS] to [SEP]", async () => {
    const { inputs } = await readRecordedInspection();
    using inspector = await loadInspector(await models.write("tiny"), options);
    for (const { tokens, attention } of await inspector.inspect(inputs)) {
      expect([tokens[0], tokens.at(-1)]).toEqual(["[CLS]", "[SEP]"]);
      for (const weights of attention) {
        const rows = Array.from({ length: inspector.heads * tokens.length }, (_, row) =>
          weights.subarray(row * tokens.length, (row + 1) * tokens.length),
        );
        for (const row of rows) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      }
    }
  });

  test("a text's is the same alone, in a stream and with the other part left out", async () => {
    const { inputs } = await readRecordedInspection();
    using inspector = await loadInspector(await models.write("tiny"), options);
    const together = await inspector.inspect(inputs);
    const alone = await Promise.all(inputs.map(async (input) => (await inspector.inspect([input]))[0]));
    expect(alone).toEqual(together);
    expect(await collect(inspector.inspect(streamOf(inputs), { batchTokens: 7 }))).toEqual(together);
    const without = (part: "attention" | "hidden"): InspectedText[] =>
      together.map((inspected) => ({ ...inspected, [part]: [] }));
    expect(await inspector.inspect(inputs, { parts: ["hidden"] })).toEqual(without("attention"));
    expect(await inspector.inspect(inputs, { parts: ["attention"] })).toEqual(without("hidden"));
  });
});

describe("an inspection", () => {
  test("knows its text, and the model's extents", async () => {
    using inspector = await loadInspector(await models.write("tiny"));
    const { layers, heads, width } = inspector;
    expect({ layers, heads, width }).toEqual({ layers: 2, heads: 4, width: 32 });
    const [single, pair] = await inspector.inspect(["A Cat", ["a", "b"]]);
    expect(single).toMatchObject({ text: "A Cat", pair: undefined });
    expect([...single!.ranges]).toEqual([0, 0, 0, 1, 2, 5, 0, 0]);
    expect(pair).toMatchObject({ text: "a", pair: "b", tokens: ["[CLS]", "a", "[SEP]", "b", "[SEP]"] });
    expect([...pair!.sequenceIds]).toEqual([-1, 0, -1, 1, -1]);
  });

  test("refuses what is no text and parts that there are not", async () => {
    using inspector = await loadInspector(await models.write("tiny"));
    await expect(inspector.inspect(["a"], { parts: [] })).rejects.toThrow(
      'parts: it wanted "attention", "hidden" or both, got none',
    );
    await expect(inspector.inspect(["a"], { parts: ["hiden" as "hidden"] })).rejects.toThrow('got "hiden"');
    await expect(inspector.inspect([["a"] as unknown as string])).rejects.toThrow("inspect: it wanted a string or two");
  });
});
