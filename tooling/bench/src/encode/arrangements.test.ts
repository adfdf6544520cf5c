import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { betterArrangements, inOrder, onePaddedBatch } from "./arrangements.js";

describe("arrangements of texts for a side that pads", () => {
  const lengths = [30, 4, 9, 9, 50, 1, 2, 3, 8, 7];

  test("one batch has all texts as they come", () => {
    expect(onePaddedBatch([5, 3, 4]).batches).toEqual([[0, 1, 2]]);
  });

  test("sorted batches hold eight neighbours in length each, the last the rest", () => {
    const [sorted] = betterArrangements(lengths);
    const lengthsOf = sorted!.batches.map((texts) => texts.map((i) => lengths[i]));
    expect(lengthsOf).toEqual([
      [1, 2, 3, 4, 7, 8, 9, 9],
      [30, 50],
    ]);
  });

  test("one by one, no batch has two texts", () => {
    expect(betterArrangements([2, 1])[1]!.batches).toEqual([[0], [1]]);
  });

  test("texts of one length are padded nowhere, so there is nothing better", () => {
    expect(betterArrangements([128, 128])).toEqual([]);
  });

  test("results come back in the order of the texts, whatever the arrangement", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 40 }), (texts) => {
        for (const arrangement of [onePaddedBatch(texts), ...betterArrangements(texts)]) {
          const results = arrangement.batches.map((batch) => batch.map((i) => `text ${i}`));
          expect(inOrder(arrangement, results)).toEqual(texts.map((_, i) => `text ${i}`));
        }
      }),
    );
  });
});
