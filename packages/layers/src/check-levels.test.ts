import { largestLevels } from "@bertkit/tensor";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { checkLevels } from "./check-levels.js";
import { CheckpointMismatchError } from "./errors.js";

const uses = ["quantizedLinear", "quantizedRows"] as const;

describe.each(uses)("levels for %s", (use) => {
  const largest = largestLevels[use];

  test("are taken from the lowest to the largest", () => {
    const all = Int8Array.from({ length: 2 * largest + 1 }, (_, i) => i - largest);
    expect(() => checkLevels(all, use, "weight")).not.toThrow();
    expect(() => checkLevels(new Int8Array(0), use, "weight")).not.toThrow();
  });

  test("are refused beyond, wherever the stranger stands", () => {
    const inside = fc.integer({ min: -largest, max: largest });
    const outside = fc.integer({ min: -128, max: 127 }).filter((level) => Math.abs(level) > largest);
    fc.assert(
      fc.property(fc.array(inside), outside, fc.array(inside), (before, stranger, after) => {
        const check = () => checkLevels(Int8Array.of(...before, stranger, ...after), use, "weight");
        expect(check).toThrow(CheckpointMismatchError);
        expect(check).toThrow(`weight holds the level ${stranger}, levels go from ${-largest} to ${largest}`);
        expect(() => checkLevels(Int8Array.of(...before, ...after), use, "weight")).not.toThrow();
      }),
    );
  });
});
