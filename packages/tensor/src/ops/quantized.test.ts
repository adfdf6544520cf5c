import { describe, expect, test } from "@jest/globals";
import { valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { lossAndGradients } from "../tape.js";
import { Tensor } from "../tensor.js";
import { placed } from "../testing/numeric-gradient.js";
import { useBackend } from "../testing/use-backend.js";
import { silu } from "./activation.js";
import { linear } from "./linear.js";
import { gatherQuantizedRows, quantizedLinear } from "./quantized.js";
import { sum } from "./sum.js";
import { relu } from "./unary.js";

const backend = useBackend(() => openReference());
const floats = (values: number[], shape = [values.length]): Tensor =>
  Tensor.from(backend(), Float32Array.from(values), shape);
const levels = (values: number[], shape: number[]): Tensor => Tensor.from(backend(), Int8Array.from(values), shape);
const ids = (...values: number[]): Tensor => Tensor.from(backend(), Int32Array.from(values));

describe("quantizedLinear", () => {
  // Row 1 has steps of 1 from −55 to 200, row 2 steps of 0.5 from 0 to 127.5.
  const x = (): Tensor => floats([-55, 200, 10.4, 127.5, 0, 0.3], [2, 3]);
  const weight = (): Tensor => levels([1, 2, 3, 63, 0, -63], [2, 3]);
  const scale = (): Tensor => floats([0.5, 2]);

  test("sums levels times levels, and scales once", async () => {
    const rows = [0.5 * (-55 + 400 + 30), 2 * 63 * (-55 - 10), 0.5 * (127.5 + 1.5), 2 * 63 * (127.5 - 0.5)];
    expect(await valuesOf(() => quantizedLinear(x(), weight(), scale()))).toEqual({ shape: [2, 2], values: rows });
    const biased = await valuesOf(() => quantizedLinear(x(), weight(), scale(), floats([1, -2])));
    expect(biased.values).toEqual(rows.map((value, i) => value + (i % 2 === 0 ? 1 : -2)));
  });

  test("an activation comes last, whether or not a kernel has it", async () => {
    const [a, b, c, d] = [187.5, -8190, 64.5, 16002];
    const rectified = await valuesOf(() => quantizedLinear(x(), weight(), scale(), undefined, relu));
    expect(rectified.values).toEqual([a, 0, c, d]);
    const smooth = await valuesOf(() => quantizedLinear(x(), weight(), scale(), floats([0, 8190]), silu));
    expect(smooth.values[1]).toBe(0);
    expect([a, b, c, d].length).toBe(smooth.values.length);
  });

  test("leading axes stay; a vector and no rows work too", async () => {
    const three = await valuesOf(() => quantizedLinear(floats([1, 2, 3, 4, 5, 6], [2, 1, 3]), weight(), scale()));
    expect(three.shape).toEqual([2, 1, 2]);
    expect((await valuesOf(() => quantizedLinear(floats([0, 0, 255]), weight(), scale()))).values).toEqual([
      382.5, -32130,
    ]);
    expect((await valuesOf(() => quantizedLinear(floats([], [0, 3]), weight(), scale()))).shape).toEqual([0, 2]);
  });

  test("what does not fit is named", () => {
    expect(thrown(() => quantizedLinear(floats([1, 2]), weight(), scale()))).toBe(
      "ShapeError: quantizedLinear: the last extent of x [2] must be 3, as the weight has",
    );
    expect(thrown(() => quantizedLinear(x(), floats([1, 2, 3], [1, 3]), scale()))).toBe(
      "ShapeError: quantizedLinear: weight must be int8 (an Int8Array), got float32",
    );
    expect(thrown(() => quantizedLinear(x(), weight(), floats([1])))).toBe(
      "ShapeError: quantizedLinear: scale must be [2], got [1]",
    );
    expect(thrown(() => quantizedLinear(x(), weight(), scale(), floats([1])))).toBe(
      "ShapeError: quantizedLinear: bias must be [2], got [1]",
    );
    expect(thrown(() => quantizedLinear(weight(), weight(), scale()))).toBe(
      "ShapeError: quantizedLinear computes with float32, got int8 [2, 3] (from an Int8Array?)",
    );
    expect(thrown(() => linear(x(), weight()))).toContain("linear computes with float32, got int8");
    const long = levels(new Array(131073).fill(1), [1, 131073]);
    expect(thrown(() => quantizedLinear(x(), long, floats([1])))).toContain("at most 131072 are possible");
    long.dispose();
  });

  test("no gradient passes through it, and a frozen model beside it is no obstacle", () => {
    using parameter = placed(backend(), Float32Array.of(1, 2, 3), [1, 3]);
    const refusal = "UnsupportedError: quantizedLinear has no gradient: int8 models are for inference";
    expect(
      thrown(() => lossAndGradients([parameter], () => sum(quantizedLinear(parameter, weight(), scale())))),
    ).toContain(refusal);
    using bias = placed(backend(), Float32Array.of(1, 2), [2]);
    expect(thrown(() => lossAndGradients([bias], () => sum(quantizedLinear(x(), weight(), scale(), bias))))).toContain(
      refusal,
    );
    using head = placed(backend(), Float32Array.of(1, 1), [1, 2]);
    using result = lossAndGradients([head], () => sum(linear(quantizedLinear(x(), weight(), scale()), head)));
    expect(result.gradients.size).toBe(1);
  });
});

describe("gatherQuantizedRows", () => {
  const table = (): Tensor => levels([1, -127, 100, 2, 0, 0], [3, 2]);
  const scale = (): Tensor => floats([0.5, 0.25, 0]);

  test("gives each row times its scale", async () => {
    expect(await valuesOf(() => gatherQuantizedRows(table(), scale(), ids(1, 0, 2, 1)))).toEqual({
      shape: [4, 2],
      values: [25, 0.5, 0.5, -63.5, 0, 0, 25, 0.5],
    });
  });

  test("what does not fit is named", () => {
    expect(thrown(() => gatherQuantizedRows(floats([1, 2], [1, 2]), floats([1]), ids(0)))).toBe(
      "ShapeError: gatherQuantizedRows: table must be int8 (an Int8Array), got float32",
    );
    expect(thrown(() => gatherQuantizedRows(table(), floats([1]), ids(0)))).toBe(
      "ShapeError: gatherQuantizedRows: scale must be [3], got [1]",
    );
    expect(thrown(() => gatherQuantizedRows(table(), scale(), floats([1])))).toBe(
      "ShapeError: gatherQuantizedRows: ids must be int32 (an Int32Array), got float32",
    );
  });
});
