import { describe, expect, test } from "@jest/globals";
import { withKernels } from "../fixtures/altered-backend.js";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { lossAndGradients } from "../tape.js";
import { Tensor } from "../tensor.js";
import { placed } from "../testing/numeric-gradient.js";
import { useBackend } from "../testing/use-backend.js";
import { matmul } from "./matmul.js";
import { sum } from "./sum.js";

const a = [
  [1, 2, 3],
  [4, 5, 6],
];
const b = [
  [1, 0],
  [-1, 2],
  [0.5, 1],
];
const transposed = (rows: number[][]): number[][] => rows[0]!.map((_, j) => rows.map((row) => row[j]!));
const product = { shape: [2, 2], values: [0.5, 7, 2, 16] };

describe("matmul", () => {
  const backend = useBackend(() => openReference());
  const t = (nested: Parameters<typeof tensorOf>[1]): Tensor => tensorOf(backend(), nested);

  test("rows times columns, either side transposed", async () => {
    expect(await valuesOf(() => matmul(t(a), t(b)))).toEqual(product);
    expect(await valuesOf(() => matmul(t(transposed(a)), t(b), { transposeA: true }))).toEqual(product);
    expect(await valuesOf(() => matmul(t(a), t(transposed(b)), { transposeB: true }))).toEqual(product);
    const both = { transposeA: true, transposeB: true };
    expect(await valuesOf(() => matmul(t(transposed(a)), t(transposed(b)), both))).toEqual(product);
  });

  test("leading axes broadcast", async () => {
    const result = await valuesOf(() => matmul(t([[[1, 2]], [[3, 4]]]), t([[1], [10]])));
    expect(result).toEqual({ shape: [2, 1, 1], values: [21, 43] });
  });

  test("no rows give no rows; an empty sum is 0", async () => {
    const empty = (...shape: number[]): Tensor => Tensor.from(backend(), new Float32Array(0), shape);
    expect(await valuesOf(() => matmul(empty(0, 3), t(b)))).toEqual({ shape: [0, 2], values: [] });
    expect(await valuesOf(() => matmul(empty(2, 0), empty(0, 2)))).toEqual({ shape: [2, 2], values: [0, 0, 0, 0] });
  });

  test("what does not fit is named as it came", () => {
    expect(thrown(() => matmul(t(a), t(a)))).toBe("ShapeError: matmul: inner extents differ, [2, 3] × [2, 3]");
    expect(thrown(() => matmul(t(a), t(b), { transposeA: true }))).toBe(
      "ShapeError: matmul: inner extents differ, [2, 3]ᵀ × [3, 2]",
    );
    expect(thrown(() => matmul(t([1, 2]), t(b)))).toBe(
      "ShapeError: matmul: both sides need two axes or more, got [2] × [3, 2]",
    );
    expect(thrown(() => matmul(t([a, a]), t([b, b, b])))).toBe("ShapeError: cannot broadcast [2] with [3]");
  });
});

describe("the gradient of matmul", () => {
  let products = 0;
  const backend = useBackend(() =>
    withKernels(({ matmul }) => ({
      matmul(...operands) {
        products++;
        matmul(...operands);
      },
    })),
  );

  test("is computed only for the sides that want one", () => {
    using x = placed(backend(), Float32Array.of(1, 2), [1, 2]);
    using weight = placed(backend(), Float32Array.of(3, 4), [2, 1]);
    const productsFor = (...wanted: (typeof x)[]): number => {
      products = 0;
      using result = lossAndGradients(wanted, () => sum(matmul(x, weight)));
      expect(result.gradients.size).toBe(wanted.length);
      return products;
    };
    expect([productsFor(), productsFor(x), productsFor(weight), productsFor(x, weight)]).toEqual([1, 2, 2, 3]);
  });
});
