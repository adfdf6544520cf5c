import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { Tensor } from "../tensor.js";
import { expectClose } from "../testing/closeness.js";
import { useBackend } from "../testing/use-backend.js";
import { logSoftmax, softmax } from "./softmax.js";

describe("softmax", () => {
  const backend = useBackend(() => openReference());

  test("numbers whose exponentials are 1, 2 and 5 get eighths", async () => {
    const x = (): Tensor =>
      tensorOf(backend(), [
        [0, Math.log(2), Math.log(5)],
        [7, 7, 7],
      ]);
    const third = 1 / 3;
    expectClose((await valuesOf(() => softmax(x()))).values, [0.125, 0.25, 0.625, third, third, third], 1e-7);
    const logs = [-2.0794415417, -1.3862943611, -0.4700036292, -1.0986122887, -1.0986122887, -1.0986122887];
    expectClose((await valuesOf(() => logSoftmax(x()))).values, logs, 2e-7);
  });

  test("neither large nor masked numbers overflow", async () => {
    const x = (): Tensor => tensorOf(backend(), [3e38, 3e38, -Infinity]);
    expect((await valuesOf(() => softmax(x()))).values).toEqual([0.5, 0.5, 0]);
    expect((await valuesOf(() => logSoftmax(tensorOf(backend(), [1e4, 0])))).values).toEqual([0, -1e4]);
  });

  test("one number gets everything; no rows give no rows", async () => {
    expect(await valuesOf(() => softmax(tensorOf(backend(), [[-40], [3]])))).toEqual({ shape: [2, 1], values: [1, 1] });
    const none = (): Tensor => Tensor.from(backend(), new Float32Array(0), [0, 3]);
    expect(await valuesOf(() => softmax(none()))).toEqual({ shape: [0, 3], values: [] });
    expect(await valuesOf(() => logSoftmax(none()))).toEqual({ shape: [0, 3], values: [] });
  });

  test("a row that is masked everywhere is NaN, as in PyTorch", async () => {
    expect((await valuesOf(() => softmax(tensorOf(backend(), [-Infinity, -Infinity])))).values).toEqual([NaN, NaN]);
  });

  test("a scalar has no axis", () => {
    expect(thrown(() => softmax(tensorOf(backend(), 1)))).toBe(
      "ShapeError: softmax needs an axis to sum over, got a scalar",
    );
    expect(thrown(() => logSoftmax(tensorOf(backend(), 1)))).toContain("logSoftmax needs an axis");
  });
});
