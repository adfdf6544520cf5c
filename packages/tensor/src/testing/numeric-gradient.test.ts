import { describe, expect, test } from "@jest/globals";
import { tensorOf } from "../fixtures/tensors.js";
import { multiply, scale } from "../ops/arithmetic.js";
import { sum } from "../ops/sum.js";
import { openReference } from "../reference/open-reference.js";
import { differentiable } from "../tape.js";
import type { Tensor } from "../tensor.js";
import { tidy } from "../tidy.js";
import { checkGradients, placed, weightedSum } from "./numeric-gradient.js";
import { useBackend } from "./use-backend.js";

describe("checkGradients", () => {
  const backend = useBackend(() => openReference({ precision: "float64" }));
  const square = (x: Tensor, slope: number): Tensor =>
    differentiable(
      tidy(() => multiply(x.viewAs(x.shape), x.viewAs(x.shape))),
      [x],
      (dy) => [scale(multiply(dy, x), slope)],
    );

  test("passes a right gradient and leaves the parameters as they were", async () => {
    using x = placed(backend(), Float64Array.of(1, -2, 3), [3]);
    await checkGradients(new Map([["x", x]]), () => sum(square(x, 2)));
    expect([...(await x.read())]).toEqual([1, -2, 3]);
  });

  test("names the parameter whose gradient is wrong", async () => {
    using x = placed(backend(), Float64Array.of(1, -2, 3), [3]);
    await expect(checkGradients(new Map([["x", x]]), () => sum(square(x, 2.1)))).rejects.toThrow(
      /^gradient of x at \[0, 1, 2\]: element 2 is 6\.3/,
    );
  });

  test("says when a parameter gets none", async () => {
    using x = placed(backend(), Float64Array.of(1), [1]);
    using y = placed(backend(), Float64Array.of(1), [1]);
    await expect(
      checkGradients(
        new Map([
          ["x", x],
          ["y", y],
        ]),
        () => sum(scale(x, 2)),
      ),
    ).rejects.toThrow("y got no gradient");
  });

  test("tries the first and the last element of a large parameter", async () => {
    using x = placed(backend(), new Float64Array(100).fill(1), [100]);
    const wrongAt = (index: number): (() => Tensor) => {
      const slopes = Array.from({ length: 100 }, (_, i) => (i === index ? 1 : 0));
      return () => sum(differentiable(scale(x.viewAs([100]), 0), [x], () => [tensorOf(backend(), slopes)]));
    };
    for (const index of [0, 99]) {
      await expect(checkGradients(new Map([["x", x]]), wrongAt(index), 4)).rejects.toThrow("is 1, expected 0");
    }
  });
});

describe("weightedSum", () => {
  const backend = useBackend(() => openReference({ precision: "float64" }));

  test("weighs every element differently, and the same at every call", async () => {
    const of = async (...values: number[]): Promise<number> => {
      using total = tidy(() => weightedSum(tensorOf(backend(), values)));
      return (await total.read())[0]!;
    };
    const parts = [await of(1, 0, 0), await of(0, 1, 0), await of(0, 0, 1)];
    expect(new Set(parts).size).toBe(3);
    expect(await of(1, 1, 1)).toBeCloseTo(parts[0]! + parts[1]! + parts[2]!, 12);
  });
});
