import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { Tensor } from "../tensor.js";
import { useBackend } from "../testing/use-backend.js";
import { concatRows, gatherRows, scatterAddRows, sliceRows } from "./rows.js";

const table = [
  [1, 2],
  [3, 4],
  [5, 6],
];

describe("rows", () => {
  const backend = useBackend(() => openReference());
  const x = (): Tensor => tensorOf(backend(), table);
  const ids = (...values: number[]): Tensor => Tensor.from(backend(), Int32Array.from(values));

  test("gatherRows takes rows by number, as often as named", async () => {
    expect(await valuesOf(() => gatherRows(x(), ids(2, 0, 2)))).toEqual({ shape: [3, 2], values: [5, 6, 1, 2, 5, 6] });
    expect(await valuesOf(() => gatherRows(x(), ids(1, 0).viewAs([2, 1])))).toEqual({
      shape: [2, 1, 2],
      values: [3, 4, 1, 2],
    });
    expect(await valuesOf(() => gatherRows(x(), ids()))).toEqual({ shape: [0, 2], values: [] });
  });

  test("scatterAddRows adds rows that meet, and leaves the others 0", async () => {
    expect(await valuesOf(() => scatterAddRows(x(), ids(3, 1, 3), 4))).toEqual({
      shape: [4, 2],
      values: [0, 0, 3, 4, 0, 0, 6, 8],
    });
    expect(await valuesOf(() => scatterAddRows(sliceRows(x(), 0, 0), ids(), 1))).toEqual({
      shape: [1, 2],
      values: [0, 0],
    });
  });

  test("sliceRows and concatRows undo each other", async () => {
    expect(await valuesOf(() => sliceRows(x(), 1, 3))).toEqual({ shape: [2, 2], values: [3, 4, 5, 6] });
    expect(await valuesOf(() => sliceRows(x(), 1, 1))).toEqual({ shape: [0, 2], values: [] });
    const parts = (tensor: Tensor): Tensor[] => [
      sliceRows(tensor, 0, 1),
      sliceRows(tensor, 1, 1),
      sliceRows(tensor, 1, 3),
    ];
    expect(await valuesOf(() => concatRows(parts(x())))).toEqual({ shape: [3, 2], values: [1, 2, 3, 4, 5, 6] });
  });

  test("integers can be sliced and joined", async () => {
    const joined = await valuesOf(() => concatRows([sliceRows(ids(7, 8, 9), 1, 3), ids(1)]));
    expect(joined).toEqual({ shape: [3], values: [8, 9, 1] });
  });

  test("what does not fit is named", () => {
    expect(thrown(() => gatherRows(x(), tensorOf(backend(), [0, 1])))).toBe(
      "ShapeError: gatherRows: ids must be int32 (an Int32Array), got float32",
    );
    expect(thrown(() => gatherRows(x().viewAs([6]), ids(0)))).toBe(
      "ShapeError: gatherRows: table must have 2 axes, got [6]",
    );
    expect(thrown(() => scatterAddRows(x(), ids(0, 1), 4))).toBe("ShapeError: scatterAddRows: 2 ids for 3 rows");
    expect(thrown(() => scatterAddRows(x(), ids(0, 0, 0), 0.5))).toContain("got [0.5, 2]");
    expect(thrown(() => sliceRows(x(), 1, 4))).toBe("ShapeError: sliceRows: rows 1 to 4 are not in [3, 2]");
    expect(thrown(() => sliceRows(x(), 2, 1))).toBe("ShapeError: sliceRows: rows 2 to 1 are not in [3, 2]");
    expect(thrown(() => sliceRows(x(), 0.5, 1.5))).toContain("rows 0.5 to 1.5");
    expect(thrown(() => sliceRows(tensorOf(backend(), 1), 0, 0))).toContain("are not in []");
    expect(thrown(() => concatRows([]))).toBe("ShapeError: concatRows: needs at least one part");
    expect(thrown(() => concatRows([x(), tensorOf(backend(), [[1]])]))).toBe(
      "ShapeError: concatRows: parts must have rows of one shape and dtype, got float32 [3, 2], float32 [1, 1]",
    );
    expect(thrown(() => concatRows([tensorOf(backend(), [1]), ids(1)]))).toContain("float32 [1], int32 [1]");
    expect(thrown(() => concatRows([tensorOf(backend(), 1)]))).toContain("got float32 []");
  });
});
