import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { Tensor } from "../tensor.js";
import { useBackend } from "../testing/use-backend.js";
import { add, addScalar, divide, multiply, scale, subtract } from "./arithmetic.js";

describe("arithmetic", () => {
  const backend = useBackend(() => openReference());
  const t = (nested: Parameters<typeof tensorOf>[1]): Tensor => tensorOf(backend(), nested);

  test("element by element", async () => {
    const a = [6, -4, 1];
    const b = [2, 8, -0.5];
    expect((await valuesOf(() => add(t(a), t(b)))).values).toEqual([8, 4, 0.5]);
    expect((await valuesOf(() => subtract(t(a), t(b)))).values).toEqual([4, -12, 1.5]);
    expect((await valuesOf(() => multiply(t(a), t(b)))).values).toEqual([12, -32, -0.5]);
    expect((await valuesOf(() => divide(t(a), t(b)))).values).toEqual([3, -0.5, -2]);
    expect((await valuesOf(() => scale(t(a), 0.5))).values).toEqual([3, -2, 0.5]);
    expect((await valuesOf(() => addScalar(t(a), -1))).values).toEqual([5, -5, 0]);
  });

  test("a row and a column meet in a table", async () => {
    const sum = await valuesOf(() => add(t([10, 20, 30]), t([[1], [2]])));
    expect(sum).toEqual({ shape: [2, 3], values: [11, 21, 31, 12, 22, 32] });
  });

  test("a scalar stays a scalar and meets any shape", async () => {
    expect(await valuesOf(() => scale(t(3), 2))).toEqual({ shape: [], values: [6] });
    expect(await valuesOf(() => addScalar(t(3), 2))).toEqual({ shape: [], values: [5] });
    expect(await valuesOf(() => multiply(t(2), t([[1, 2]])))).toEqual({ shape: [1, 2], values: [2, 4] });
  });

  test("no rows give no rows, and an extent of 1 repeats zero times", async () => {
    const none = () => Tensor.from(backend(), new Float32Array(0), [0, 2]);
    expect(await valuesOf(() => add(none(), t([1, 2])))).toEqual({ shape: [0, 2], values: [] });
    expect(await valuesOf(() => add(none(), t([[1, 2]])))).toEqual({ shape: [0, 2], values: [] });
  });

  test("infinities and NaN follow IEEE 754", async () => {
    expect((await valuesOf(() => divide(t([1, -1, 0]), t([0, 0, 0])))).values).toEqual([Infinity, -Infinity, NaN]);
    expect((await valuesOf(() => subtract(t([Infinity]), t([Infinity])))).values).toEqual([NaN]);
  });

  test("shapes that do not broadcast are both named", () => {
    expect(thrown(() => add(t([1, 2, 3]), t([1, 2])))).toBe("ShapeError: cannot broadcast [3] with [2]");
    expect(thrown(() => multiply(t([[1, 2]]), t([[[1], [2], [3]]])))).toBe("nothing was thrown");
  });

  test("integers are refused, not read as if they were floats", () => {
    expect(thrown(() => add(t([1]), Tensor.from(backend(), Int32Array.of(1))))).toBe(
      "ShapeError: add computes with float32, got int32 [1] (from an Int32Array?)",
    );
  });
});
