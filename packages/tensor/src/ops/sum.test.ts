import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { Tensor } from "../tensor.js";
import { useBackend } from "../testing/use-backend.js";
import { mean, meanOfLast, sum, sumTo } from "./sum.js";

const table = [
  [1, 2, 3],
  [4, 5, 7],
];

describe("sums", () => {
  const backend = useBackend(() => openReference());
  const x = (): Tensor => tensorOf(backend(), table);

  test("over rows, over columns, over all", async () => {
    expect(await valuesOf(() => sumTo(x(), [3]))).toEqual({ shape: [3], values: [5, 7, 10] });
    expect(await valuesOf(() => sumTo(x(), [1, 3]))).toEqual({ shape: [1, 3], values: [5, 7, 10] });
    expect(await valuesOf(() => sumTo(x(), [2, 1]))).toEqual({ shape: [2, 1], values: [6, 16] });
    expect(await valuesOf(() => sum(x()))).toEqual({ shape: [], values: [22] });
    expect(await valuesOf(() => mean(tensorOf(backend(), [1, 2, 6])))).toEqual({ shape: [], values: [3] });
    expect(await valuesOf(() => meanOfLast(x()))).toEqual({ shape: [2, 1], values: [2, Math.fround(16 / 3)] });
  });

  test("nothing to sum gives back the tensor itself", () => {
    using tensor = x();
    expect(sumTo(tensor, [2, 3])).toBe(tensor);
  });

  test("the sum of no rows is 0; their mean is an error", async () => {
    const none = (): Tensor => Tensor.from(backend(), new Float32Array(0), [0, 2]);
    expect(await valuesOf(() => sumTo(none(), [2]))).toEqual({ shape: [2], values: [0, 0] });
    expect(thrown(() => mean(none()))).toBe("ShapeError: the mean of no numbers is undefined, got [0, 2]");
  });

  test("a shape that does not broadcast to x is refused", () => {
    expect(thrown(() => sumTo(x(), [2]))).toBe("ShapeError: cannot broadcast [2, 3] with [2]");
    expect(thrown(() => sumTo(x(), [4, 2, 3]))).toBe("ShapeError: sumTo: cannot sum [2, 3] to [4, 2, 3]");
    expect(thrown(() => meanOfLast(tensorOf(backend(), 1)))).toBe("ShapeError: sumTo: cannot sum [] to [1]");
  });
});
