import { openCheckpoint, serializeSafetensors } from "@bertkit/checkpoint";
import { describe, expect, test } from "@jest/globals";
import { type InspectedText, inspectionArrays } from "./inspection-arrays.js";

const pair: InspectedText = {
  text: "a",
  pair: "b",
  tokens: ["[CLS]", "a", "b"],
  ranges: new Int32Array([0, 0, 0, 1, 0, 1]),
  sequenceIds: new Int32Array([-1, 0, 1]),
  attention: [new Float32Array(18).fill(1 / 3), new Float32Array(18).fill(1 / 3)],
  hidden: [Float32Array.from({ length: 12 }, (_, i) => i), new Float32Array(12)],
};
const single: InspectedText = {
  text: "é",
  tokens: ["é"],
  ranges: new Int32Array([0, 1]),
  sequenceIds: new Int32Array([0]),
  attention: [new Float32Array(2).fill(1), new Float32Array(2).fill(1)],
  hidden: [],
};

describe("an inspection as arrays", () => {
  test("has a name, shape and type for all that was seen, and reads back from a file", async () => {
    const { arrays, metadata } = inspectionArrays([pair, single]);
    const source = await openCheckpoint(serializeSafetensors(arrays, { metadata }));
    expect(
      Object.fromEntries(Array.from(source.entries, ([name, { dtype, shape }]) => [name, [dtype, ...shape]])),
    ).toEqual({
      "text.0.attention.0": ["float32", 2, 3, 3],
      "text.0.attention.1": ["float32", 2, 3, 3],
      "text.0.hidden.0": ["float32", 3, 4],
      "text.0.hidden.1": ["float32", 3, 4],
      "text.0.ranges": ["int32", 3, 2],
      "text.0.sequenceIds": ["int32", 3],
      "text.1.attention.0": ["float32", 2, 1, 1],
      "text.1.attention.1": ["float32", 2, 1, 1],
      "text.1.ranges": ["int32", 1, 2],
      "text.1.sequenceIds": ["int32", 1],
    });
    expect(await source.read("text.0.hidden.0")).toEqual(pair.hidden[0]);
    expect(await source.read("text.0.ranges")).toEqual(pair.ranges);
    expect(JSON.parse(source.metadata.get("texts")!)).toEqual([
      { text: "a", pair: "b", tokens: ["[CLS]", "a", "b"] },
      { text: "é", tokens: ["é"] },
    ]);
  });

  test("does not copy what it is given", () => {
    expect(inspectionArrays([pair]).arrays[0]!.values).toBe(pair.attention[0]);
  });

  test("holds hidden states alone where attention was not kept", () => {
    const { arrays } = inspectionArrays([{ ...pair, attention: [] }]);
    expect(arrays.map(({ name }) => name)).toEqual([
      "text.0.hidden.0",
      "text.0.hidden.1",
      "text.0.ranges",
      "text.0.sequenceIds",
    ]);
  });

  test("refuses hidden states that do not fit their tokens or each other", () => {
    const wrong = { ...pair, hidden: [new Float32Array(12), new Float32Array(11), new Float32Array(15)] };
    expect(() => inspectionArrays([single, wrong])).toThrow(
      "inspectionArrays: text 1 has 11 numbers in hidden.1, not as many for each of 3 tokens and in each layer; text 1 has 15 numbers in hidden.2,",
    );
  });
});
