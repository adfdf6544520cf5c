import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { Tensor } from "../tensor.js";
import { expectClose } from "../testing/closeness.js";
import { useBackend } from "../testing/use-backend.js";
import { erf, exp, gelu, geluTanh, log, negate, reciprocal, relu, sigmoid, sqrt, tanh } from "./unary.js";

/** Arguments and results, from mpmath with 40 digits. */
const known: readonly (readonly [op: (x: Tensor) => Tensor, x: readonly number[], y: readonly number[]])[] = [
  [negate, [1.5, -2, 0], [-1.5, 2, 0]],
  [exp, [0, 0.5, 2], [1, 1.6487212707, 7.38905609893]],
  [log, [1, 0.5, 2], [0, -0.69314718056, 0.69314718056]],
  [sqrt, [0, 2.25, 9], [0, 1.5, 3]],
  [reciprocal, [4, -0.5, 1], [0.25, -2, 1]],
  [tanh, [0.5, 1, -2], [0.46211715726, 0.761594155956, -0.964027580076]],
  [sigmoid, [0, -1, 3], [0.5, 0.26894142137, 0.952574126822]],
  [erf, [0.5, 1, -2], [0.520499877813, 0.842700792949, -0.995322265019]],
  [relu, [-3, 0, 3], [0, 0, 3]],
  [gelu, [-1, 0, 2], [-0.158655253931, 0, 1.9544997361]],
  [geluTanh, [-1, 0, 2], [-0.158808009392, 0, 1.95459769409]],
];

describe("element-wise functions", () => {
  const backend = useBackend(() => openReference());

  test.each(known.map(([op, x, y]) => [op.name, op, x, y] as const))("%s", async (_, op, x, y) => {
    const { values, shape } = await valuesOf(() => op(tensorOf(backend(), [x])));
    expect(shape).toEqual([1, 3]);
    expectClose(values, y, 1e-7);
  });

  test.each(known.map(([op]) => [op.name, op] as const))("%s of a scalar, of nothing and of NaN", async (_, op) => {
    expect((await valuesOf(() => op(tensorOf(backend(), 0.5)))).shape).toEqual([]);
    expect(await valuesOf(() => op(tensorOf(backend(), [])))).toEqual({ shape: [0], values: [] });
    expect((await valuesOf(() => op(tensorOf(backend(), [NaN])))).values).toEqual([NaN]);
  });

  test("limits at infinity are finite where the function has them", async () => {
    const at = async (op: (x: Tensor) => Tensor): Promise<number[]> =>
      (await valuesOf(() => op(tensorOf(backend(), [-Infinity, -1e4, 1e4, Infinity])))).values;
    expect(await at(tanh)).toEqual([-1, -1, 1, 1]);
    expect(await at(sigmoid)).toEqual([0, 0, 1, 1]);
    expect(await at(erf)).toEqual([-1, -1, 1, 1]);
    expect(await at(exp)).toEqual([0, 0, Infinity, Infinity]);
    expect((await at(gelu)).slice(1)).toEqual([-0, 1e4, Infinity]);
    expect((await at(geluTanh)).slice(1)).toEqual([-0, 1e4, Infinity]);
  });

  test("what lies outside a domain is NaN or infinite, as in Math", async () => {
    expect((await valuesOf(() => log(tensorOf(backend(), [0, -1])))).values).toEqual([-Infinity, NaN]);
    expect((await valuesOf(() => sqrt(tensorOf(backend(), [-1])))).values).toEqual([NaN]);
    expect((await valuesOf(() => reciprocal(tensorOf(backend(), [0])))).values).toEqual([Infinity]);
  });

  test("integers, and what is no tensor, are refused", () => {
    expect(thrown(() => gelu(Tensor.from(backend(), Int32Array.of(1, 2))))).toBe(
      "ShapeError: gelu computes with float32, got int32 [2] (from an Int32Array?)",
    );
    expect(thrown(() => gelu(Float32Array.of(1) as unknown as Tensor))).toBe(
      "UnsupportedError: gelu: wanted a Tensor, got Float32Array: Tensor.from(backend, values) makes one",
    );
  });
});
