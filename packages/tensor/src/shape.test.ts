import { describe, expect, test } from "@jest/globals";
import { thrown } from "./fixtures/thrown.js";
import { broadcastShapes, expectOffsets, expectRank, expectShape, sameShape, showShape, sizeOf } from "./shape.js";

describe("shapes", () => {
  test("their size, their text, their equality", () => {
    expect([sizeOf([]), sizeOf([2, 3]), sizeOf([4, 0])]).toEqual([1, 6, 0]);
    expect([showShape([]), showShape([2, 3])]).toEqual(["[]", "[2, 3]"]);
    expect([sameShape([2, 3], [2, 3]), sameShape([2], [2, 1]), sameShape([], [])]).toEqual([true, false, true]);
  });

  test("extents that are no whole numbers have no size", () => {
    for (const extent of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(thrown(() => sizeOf([2, extent]))).toBe(
        `ShapeError: extents must be whole numbers from 0 on, got [2, ${extent}]`,
      );
    }
  });

  test("broadcast from the right, repeating extents of 1", () => {
    expect(broadcastShapes([2, 1, 4], [3, 1])).toEqual([2, 3, 4]);
    expect(broadcastShapes([], [5])).toEqual([5]);
    expect(broadcastShapes([0, 1], [1, 3])).toEqual([0, 3]);
    expect(thrown(() => broadcastShapes([2, 3], [2]))).toBe("ShapeError: cannot broadcast [2, 3] with [2]");
    expect(thrown(() => broadcastShapes([0], [2]))).toBe("ShapeError: cannot broadcast [0] with [2]");
  });

  test("what was wanted and what came are in the message", () => {
    expect(thrown(() => expectRank("pool: x", { shape: [2] }, 2))).toBe(
      "ShapeError: pool: x must have 2 axes, got [2]",
    );
    expect(thrown(() => expectShape("pool: bias", { shape: [2] }, [3]))).toBe(
      "ShapeError: pool: bias must be [3], got [2]",
    );
    expect(thrown(() => expectOffsets("pool: offsets", Int32Array.of(0, 2), 3))).toBe(
      "ShapeError: pool: offsets must ascend from 0 to the 3 rows, got [0, 2]",
    );
  });
});
