import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { Tensor } from "../tensor.js";
import { useBackend } from "../testing/use-backend.js";
import { segmentMax, segmentMean, segmentSum } from "./segments.js";

const rows = [
  [1, 8],
  [3, 2],
  [-5, -6],
];

describe("segments", () => {
  const backend = useBackend(() => openReference());
  const x = (): Tensor => tensorOf(backend(), rows);

  test("sum, mean and largest of each", async () => {
    const offsets = Int32Array.of(0, 2, 3);
    expect(await valuesOf(() => segmentSum(x(), offsets))).toEqual({ shape: [2, 2], values: [4, 10, -5, -6] });
    expect(await valuesOf(() => segmentMean(x(), offsets))).toEqual({ shape: [2, 2], values: [2, 5, -5, -6] });
    expect(await valuesOf(() => segmentMax(x(), offsets))).toEqual({ shape: [2, 2], values: [3, 8, -5, -6] });
  });

  test("an empty segment has sum and mean 0, and no largest row", async () => {
    const offsets = Int32Array.of(0, 0, 3, 3);
    const sums = { shape: [3, 2], values: [0, 0, -1, 4, 0, 0] };
    expect(await valuesOf(() => segmentSum(x(), offsets))).toEqual(sums);
    const means = [0, 0, Math.fround(-1 * Math.fround(1 / 3)), Math.fround(4 * Math.fround(1 / 3)), 0, 0];
    expect(await valuesOf(() => segmentMean(x(), offsets))).toEqual({ shape: [3, 2], values: means });
    expect(thrown(() => segmentMax(x(), offsets))).toBe("ShapeError: segmentMax: an empty segment has no largest row");
  });

  test("no segments of no rows", async () => {
    const none = (): Tensor => Tensor.from(backend(), new Float32Array(0), [0, 2]);
    for (const op of [segmentSum, segmentMean, segmentMax]) {
      expect(await valuesOf(() => op(none(), Int32Array.of(0)))).toEqual({ shape: [0, 2], values: [] });
    }
  });

  test("offsets that do not cover the rows are shown", () => {
    expect(thrown(() => segmentSum(x(), Int32Array.of(0, 2)))).toBe(
      "ShapeError: segmentSum: offsets must ascend from 0 to the 3 rows, got [0, 2]",
    );
    expect(thrown(() => segmentMean(x(), Int32Array.of(1, 3)))).toContain("got [1, 3]");
    expect(thrown(() => segmentMax(x(), Int32Array.of(0, 2, 1, 3)))).toContain("got [0, 2, 1, 3]");
    expect(thrown(() => segmentSum(x(), Int32Array.of()))).toContain("got []");
    expect(thrown(() => segmentSum(x(), new Int32Array(10)))).toContain("got [0, 0, 0, 0, 0, 0, 0, … 0]");
    expect(thrown(() => segmentSum(tensorOf(backend(), [1]), Int32Array.of(0, 1)))).toBe(
      "ShapeError: segmentSum: x must have 2 axes, got [1]",
    );
  });
});
