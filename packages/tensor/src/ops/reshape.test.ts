import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { Tensor } from "../tensor.js";
import { useBackend } from "../testing/use-backend.js";
import { permute, reshape, transpose } from "./reshape.js";

const table = [
  [1, 2, 3],
  [4, 5, 6],
];

describe("reshape, permute and transpose", () => {
  const backend = useBackend(() => openReference());
  const x = (): Tensor => tensorOf(backend(), table);

  test("reshape keeps the order and shares the memory", async () => {
    expect(await valuesOf(() => reshape(x(), [3, 2]))).toEqual({ shape: [3, 2], values: [1, 2, 3, 4, 5, 6] });
    using tensor = x();
    using view = reshape(tensor, [6]);
    expect(view.buffer).toBe(tensor.buffer);
  });

  test("a view outlives the tensor it was made from", async () => {
    const tensor = x();
    using view = reshape(tensor, [6]);
    tensor.dispose();
    expect([...(await view.read())]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("transpose and permute move numbers", async () => {
    expect(await valuesOf(() => transpose(x()))).toEqual({ shape: [3, 2], values: [1, 4, 2, 5, 3, 6] });
    const cube = (): Tensor =>
      Tensor.from(
        backend(),
        Float32Array.from({ length: 12 }, (_, i) => i),
        [2, 3, 2],
      );
    // Element [i, j, k] = 6i + 2j + k of x becomes [k, i, j].
    expect(await valuesOf(() => permute(cube(), [2, 0, 1]))).toEqual({
      shape: [2, 2, 3],
      values: [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11],
    });
    expect(await valuesOf(() => permute(tensorOf(backend(), 7), []))).toEqual({ shape: [], values: [7] });
  });

  test("integers can be reshaped", async () => {
    using ids = Tensor.from(backend(), Int32Array.of(1, 2), [1, 2]);
    using view = reshape(ids, [2]);
    expect(view.dtype).toBe("int32");
    expect([...(await view.read())]).toEqual([1, 2]);
  });

  test("sizes and orders that do not fit are named", () => {
    expect(thrown(() => reshape(x(), [4]))).toBe("ShapeError: cannot reshape [2, 3] to [4]");
    expect(thrown(() => reshape(x(), [-1, 6]))).toBe(
      "ShapeError: extents must be whole numbers from 0 on, got [-1, 6]",
    );
    expect(thrown(() => permute(x(), [0, 0]))).toBe(
      "ShapeError: permute: [0, 0] does not name each axis of [2, 3] once",
    );
    expect(thrown(() => permute(x(), [0]))).toContain("[0] does not name each axis of [2, 3]");
    expect(thrown(() => transpose(reshape(x(), [6])))).toContain("[1, 0] does not name each axis of [6]");
  });
});
