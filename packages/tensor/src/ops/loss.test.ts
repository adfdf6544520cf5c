import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { lossAndGradients } from "../tape.js";
import { Tensor } from "../tensor.js";
import { expectClose } from "../testing/closeness.js";
import { checkGradients, placed } from "../testing/numeric-gradient.js";
import { useBackend } from "../testing/use-backend.js";
import { scale } from "./arithmetic.js";
import { binaryCrossEntropy, crossEntropy, meanSquaredError } from "./loss.js";

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

  test("binaryCrossEntropy is the mean surprise at labels that are there or not", async () => {
    // Probabilities 1/2, 3/4 and 3/4; the second is there by a quarter.
    const scores = () => tensorOf(backend(), [0, Math.log(3), Math.log(3)]);
    const { shape, values } = await valuesOf(() => binaryCrossEntropy(scores(), tensorOf(backend(), [1, 0.25, 0])));
    expect(shape).toEqual([]);
    expectClose(values, [(Math.log(2) + (Math.log(4 / 3) + 3 * Math.log(4)) / 4 + Math.log(4)) / 3], 2e-7);
  });

  test("binaryCrossEntropy of large logits neither overflows nor vanishes", async () => {
    const scores = () => tensorOf(backend(), [1000, -1000, 1000, -1000]);
    const { values } = await valuesOf(() => binaryCrossEntropy(scores(), tensorOf(backend(), [1, 0, 0, 1])));
    expect(values).toEqual([500]);
  });

  test("the gradient of binaryCrossEntropy is probability − label, at a logit of 0 too", async () => {
    using logits = placed(backend(), Float32Array.of(0, Math.log(3), -1000, 1000), [2, 2]);
    using target = Tensor.from(backend(), Float32Array.of(1, 0.5, 0, 0), [2, 2]);
    using found = lossAndGradients([logits], () => scale(binaryCrossEntropy(logits, target), 4));
    expectClose(await found.gradients.get(logits)!.read(), [-0.5, 0.25, 0, 1], 2e-7);
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
    expect(thrown(() => binaryCrossEntropy(none(), none()))).toContain("the mean of no numbers is undefined");
  });

  test("a target of another shape is not broadcast", () => {
    expect(thrown(() => meanSquaredError(tensorOf(backend(), [1, 2]), tensorOf(backend(), [1])))).toBe(
      "ShapeError: meanSquaredError: target must be [2], got [1]",
    );
    expect(thrown(() => binaryCrossEntropy(tensorOf(backend(), [1, 2]), tensorOf(backend(), [1])))).toBe(
      "ShapeError: binaryCrossEntropy: target must be [2], got [1]",
    );
  });
});

describe("gradients of losses in double precision", () => {
  const backend = useBackend(() => openReference({ precision: "float64" }));

  test("binaryCrossEntropy, of the logits and of the targets", async () => {
    using logits = placed(backend(), Float32Array.of(-2, -0.3, 0.4, 3, 5, -7), [3, 2]);
    using target = placed(backend(), Float32Array.of(0, 1, 0.2, 0.7, 1, 0), [3, 2]);
    await checkGradients(new Map(Object.entries({ logits, target })), () => binaryCrossEntropy(logits, target));
  });
});
