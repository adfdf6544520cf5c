import { describe, expect, test } from "@jest/globals";
import { fusedReference } from "../fixtures/fused-reference.js";
import { type Nested, tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { lossAndGradients } from "../tape.js";
import { Tensor } from "../tensor.js";
import { expectClose } from "../testing/closeness.js";
import { placed } from "../testing/numeric-gradient.js";
import { useBackend } from "../testing/use-backend.js";
import { silu } from "./activation.js";
import { linear } from "./linear.js";
import { sum } from "./sum.js";
import { gelu, relu } from "./unary.js";

const rows = [
  [1, 2],
  [3, 4],
];
const weight = [
  [1, 0],
  [0.5, -1],
  [2, 2],
];

// Both ways must agree on every one of these.
describe.each([
  ["composed", () => openReference()],
  ["fused", () => fusedReference().backend],
])("linear, %s", (_, open) => {
  const backend = useBackend(open);
  const t = (nested: Nested): Tensor => tensorOf(backend(), nested);
  const w = (): Tensor => t(weight);
  const bias = (): Tensor => t([0, 10, -1]);

  test("x · weightᵀ + bias", async () => {
    expect(await valuesOf(() => linear(t(rows), w(), bias()))).toEqual({
      shape: [2, 3],
      values: [1, 8.5, 5, 3, 7.5, 13],
    });
    expect(await valuesOf(() => linear(t(rows), w()))).toEqual({ shape: [2, 3], values: [1, -1.5, 6, 3, -2.5, 14] });
  });

  test("an activation comes last, whether or not a kernel has it", async () => {
    expect((await valuesOf(() => linear(t(rows), w(), undefined, relu))).values).toEqual([1, 0, 6, 3, 0, 14]);
    const two = (): Tensor => t([[2, 0]]);
    const one = (): Tensor => t([[1, 0]]);
    expectClose((await valuesOf(() => linear(two(), one(), undefined, gelu))).values, [1.9544997361], 1e-7);
    expectClose((await valuesOf(() => linear(two(), one(), undefined, silu))).values, [1.761594155956], 3e-7);
  });

  test("leading axes stay; a vector and no rows work too", async () => {
    expect((await valuesOf(() => linear(t([[rows]]), w()))).shape).toEqual([1, 1, 2, 3]);
    expect(await valuesOf(() => linear(t([3, 4]), w(), bias()))).toEqual({ shape: [3], values: [3, 7.5, 13] });
    const none = (): Tensor => Tensor.from(backend(), new Float32Array(0), [0, 2]);
    expect(await valuesOf(() => linear(none(), w(), bias()))).toEqual({ shape: [0, 3], values: [] });
  });

  test("what does not fit is named", () => {
    expect(thrown(() => linear(t([[1, 2, 3]]), w()))).toBe(
      "ShapeError: linear: the last extent of x [1, 3] must be 2, as the weight has",
    );
    expect(thrown(() => linear(t(1), w()))).toContain("the last extent of x [] must be 2");
    expect(thrown(() => linear(t(rows), t([1, 2])))).toBe("ShapeError: linear: weight must have 2 axes, got [2]");
    expect(thrown(() => linear(t(rows), w(), t([1])))).toBe("ShapeError: linear: bias must be [3], got [1]");
  });
});

describe("linear with a fused kernel", () => {
  const { backend: fused, used } = fusedReference();
  const backend = useBackend(() => fused);

  test("uses it without a gradient and not with one", () => {
    used.linear = 0;
    using x = tensorOf(backend(), rows);
    using parameter = placed(backend(), Float32Array.from(weight.flat()), [3, 2]);
    using y = linear(x, parameter);
    expect([y.shape, used.linear]).toEqual([[2, 3], 1]);
    using result = lossAndGradients([parameter], () => sum(linear(x, parameter)));
    expect([result.gradients.size, used.linear]).toEqual([1, 1]);
  });

  test("holds no other memory than its result, even outside tidy", () => {
    using x = tensorOf(backend(), [rows]);
    using parameter = placed(backend(), Float32Array.from(weight.flat()), [3, 2]);
    const before = backend().memory.buffers;
    using y = linear(x, parameter);
    expect(y.shape).toEqual([1, 2, 3]);
    expect(backend().memory.buffers).toBe(before + 1);
  });
});
