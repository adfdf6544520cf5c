import { describe, expect, test } from "@jest/globals";
import { tensorOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { Parameter } from "../parameter.js";
import { openReference } from "../reference/open-reference.js";
import { expectClose } from "../testing/closeness.js";
import { placed } from "../testing/numeric-gradient.js";
import { useBackend } from "../testing/use-backend.js";
import { adamw } from "./adamw.js";
import { zeros } from "./create.js";

const settings = { rate: 0.1, beta1: 0.9, beta2: 0.9, epsilon: 0, decay: 0.01 };

describe("adamw", () => {
  const backend = useBackend(() => openReference());

  async function stepped(count: number, gradientValue: number): Promise<number[]> {
    using parameter = placed(backend(), Float32Array.of(1), [1]);
    using gradient = tensorOf(backend(), [gradientValue]);
    using mean = zeros(backend(), [1]);
    using variance = zeros(backend(), [1]);
    adamw(parameter, gradient, { mean, variance }, { ...settings, count });
    const all = [await parameter.read(), await mean.read(), await variance.read()];
    return all.map((values) => values[0]!);
  }

  test("the first corrected step moves by the rate, whatever the gradient's size", async () => {
    // m/(1−β₁) = g and √(v/(1−β₂)) = |g|: 1 − 0.1 · (1 + 0.01).
    expectClose(await stepped(1, 0.5), [0.899, 0.05, 0.025], 1e-7);
    expectClose(await stepped(1, -100), [1.099, -10, 1000], 1e-7);
  });

  test("count 0 leaves the moments uncorrected, as Google's BERT does", async () => {
    // 0.05 / √0.025 = 0.31622777: 1 − 0.1 · (0.31622777 + 0.01).
    expectClose(await stepped(0, 0.5), [0.967377223, 0.05, 0.025], 1e-7);
  });

  test("what does not fit, or is prepared, is refused", () => {
    using parameter = new Parameter([1, 2], () => 0, { use: "linear" });
    parameter.place(backend(), Float32Array.of(1, 2));
    using two = zeros(backend(), [1, 2]);
    using one = zeros(backend(), [1]);
    const step = { ...settings, count: 1 };
    const attempt = (gradient: typeof two, mean: typeof two, variance: typeof two): string =>
      thrown(() => adamw(parameter, gradient, { mean, variance }, step));
    expect(attempt(one, two, two)).toBe("ShapeError: adamw: gradient must be [1, 2], got [1]");
    expect(attempt(two, one, two)).toBe("ShapeError: adamw: mean must be [1, 2], got [1]");
    expect(attempt(two, two, one)).toBe("ShapeError: adamw: variance must be [1, 2], got [1]");
    parameter.prepare();
    expect(attempt(two, two, two)).toBe(
      "UnsupportedError: adamw: this parameter is prepared for inference: restore() it",
    );
  });
});
