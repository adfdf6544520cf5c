import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Best } from "./best.js";

const ascending = (a: number, b: number): number => a - b;

test("the best of many are the start of their sorted list", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.integer({ min: 1, max: 40 }), (items, limit) => {
      const best = new Best(limit, ascending);
      for (const item of items) best.add(item);
      const sorted = [...items].sort(ascending);
      expect(best.sorted()).toEqual(sorted.slice(0, limit));
      expect(best.size).toBe(Math.min(limit, items.length));
      expect(best.last).toBe(items.length < limit ? undefined : sorted[limit - 1]);
    }),
  );
});

test("without a limit everything stays in", () => {
  const best = new Best(Infinity, ascending);
  for (const item of [3, 1, 2]) best.add(item);
  expect([best.sorted(), best.last]).toEqual([[1, 2, 3], undefined]);
});
