import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { Tensor } from "../tensor.js";
import { expectClose } from "../testing/closeness.js";
import { useBackend } from "../testing/use-backend.js";
import { crossEntropy, meanSquaredError } from "./loss.js";

describe("losses", () => {
  const backend = useBackend(() => openReference());
  const logits = (): Tensor =>
    tensorOf(backend(), [
      [0, Math.log(3)],
      [Math.log(7), 0],
    ]);

  test("crossEntropy is the mean surprise at the right class", async () => {
    // Probabilities of the labels: 3/4 and 1/8, so (ln 4/3 + ln 8) / 2.
    const { shape, values } = await valuesOf(() => crossEntropy(logits(), Int32Array.of(1, 1)));
    expect(shape).toEqual([]);
    expectClose(values, [1.1835618071], 2e-7);
  });

  test("meanSquaredError", async () => {
    const squares = await valuesOf(() =>
      meanSquaredError(tensorOf(backend(), [1, 2, 5]), tensorOf(backend(), [1, 4, 1])),
    );
    expect(squares).toEqual({ shape: [], values: [Math.fround(20 * Math.fround(1 / 3))] });
  });

  test("labels that are no classes, or too few, are named", () => {
    expect(thrown(() => crossEntropy(logits(), Int32Array.of(0)))).toBe(
      "ShapeError: crossEntropy: 1 labels for 2 rows of logits",
    );
    expect(thrown(() => crossEntropy(logits(), Int32Array.of(0, 2)))).toBe(
      "ShapeError: crossEntropy: label 2 of row 1 is not one of 2 classes",
    );
    expect(thrown(() => crossEntropy(logits(), Int32Array.of(-1, 0)))).toContain("label -1 of row 0");
    expect(thrown(() => crossEntropy(logits().viewAs([4]), Int32Array.of(0)))).toBe(
      "ShapeError: crossEntropy: logits must have 2 axes, got [4]",
    );
  });

  test("a loss over nothing is an error, not NaN", () => {
    const none = (): Tensor => Tensor.from(backend(), new Float32Array(0), [0, 3]);
    expect(thrown(() => crossEntropy(none(), Int32Array.of()))).toContain("the mean of no numbers is undefined");
    expect(thrown(() => meanSquaredError(none(), none()))).toContain("the mean of no numbers is undefined");
  });

  test("a target of another shape is not broadcast", () => {
    expect(thrown(() => meanSquaredError(tensorOf(backend(), [1, 2]), tensorOf(backend(), [1])))).toBe(
      "ShapeError: meanSquaredError: target must be [2], got [1]",
    );
  });
});
