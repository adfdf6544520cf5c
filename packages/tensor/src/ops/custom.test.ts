import { describe, expect, test } from "@jest/globals";
import type { KernelThread } from "../backend.js";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { lossAndGradients } from "../tape.js";
import { Tensor } from "../tensor.js";
import { placed } from "../testing/numeric-gradient.js";
import { useBackend } from "../testing/use-backend.js";
import { defineKernel } from "./custom.js";
import { sum } from "./sum.js";

const powers = defineKernel({
  name: "powers",
  constants: { factor: 3 },
  compute: function (this: KernelThread, x: Float32Array) {
    return this.constants.factor! * x[this.thread.x]! ** 2;
  },
  gradients: [
    function (this: KernelThread, dy: Float32Array, x: Float32Array) {
      return dy[this.thread.x]! * this.constants.factor! * 2 * x[this.thread.x]!;
    },
  ],
});

const pick = defineKernel({
  name: "pick",
  shape: (_, ids) => ids,
  compute: function (this: KernelThread, x: Float32Array, ids: Int32Array) {
    return x[ids[this.thread.x]!]!;
  },
});

describe("custom kernels", () => {
  const backend = useBackend(() => openReference());

  test("compute each element from the flat inputs", async () => {
    expect(await valuesOf(() => powers(tensorOf(backend(), [[1, -2]])))).toEqual({ shape: [1, 2], values: [3, 12] });
    expect(await valuesOf(() => powers(tensorOf(backend(), [])))).toEqual({ shape: [0], values: [] });
  });

  test("may take integers and give another shape", async () => {
    const ids = (): Tensor => Tensor.from(backend(), Int32Array.of(2, 0));
    expect(await valuesOf(() => pick(tensorOf(backend(), [5, 6, 7]), ids()))).toEqual({ shape: [2], values: [7, 5] });
  });

  test("their gradient is another plain function", async () => {
    using x = placed(backend(), Float32Array.of(1, -2), [2]);
    using result = lossAndGradients([x], () => sum(powers(x)));
    expect([...(await result.gradients.get(x)!.read())]).toEqual([6, -12]);
  });

  test("where a gradient is needed and none was given, that is an error, not a silent zero", () => {
    using x = placed(backend(), Float32Array.of(1, -2), [2]);
    using ids = Tensor.from(backend(), Int32Array.of(1));
    expect(thrown(() => lossAndGradients([x], () => sum(pick(x, ids))))).toBe(
      "UnsupportedError: pick: 2 inputs but 0 gradients: give defineKernel one an input",
    );
  });

  test("inputs and shapes that make no sense are refused", () => {
    expect(thrown(() => powers())).toBe("ShapeError: powers: a custom kernel needs at least one input");
    const half = defineKernel({ name: "half", compute: () => 0, shape: () => [0.5] });
    expect(thrown(() => half(tensorOf(backend(), [1])))).toBe(
      "ShapeError: extents must be whole numbers from 0 on, got [0.5]",
    );
  });
});
