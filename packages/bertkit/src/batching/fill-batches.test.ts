import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { fillBatches } from "./fill-batches.js";

test("the longest come first, and shorter ones fill what they leave", () => {
  // Budget 10: 9 leaves 1 for the text of 1; 6 leaves 4 for the 4; 5 and 5 fill one.
  expect(fillBatches([5, 1, 9, 4, 5, 6], 10)).toEqual([
    [2, 1],
    [5, 3],
    [0, 4],
  ]);
});

test("a text longer than the budget is a batch of its own, and texts of one length keep their order", () => {
  expect(fillBatches([3, 20, 3, 3], 6)).toEqual([[1], [0, 2], [3]]);
  expect(fillBatches([], 6)).toEqual([]);
});

test("each text is in one batch, none is over its budget, and at most one is half empty", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 80 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 256 }), (lengthOf, batchTokens) => {
      const batches = fillBatches(lengthOf, batchTokens);
      expect(batches.flat().sort((a, b) => a - b)).toEqual([...lengthOf.keys()]);
      const filled = batches.map((texts) => texts.reduce((sum, text) => sum + lengthOf[text]!, 0));
      for (const [i, texts] of batches.entries()) {
        if (texts.length > 1) expect(filled[i]).toBeLessThanOrEqual(batchTokens);
      }
      expect(filled.filter((tokens) => 2 * tokens <= batchTokens).length).toBeLessThanOrEqual(1);
    }),
  );
});
