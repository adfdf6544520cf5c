import { describe, expect, test } from "@jest/globals";
import { tensorOf, valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { expectClose } from "../testing/closeness.js";
import { useBackend } from "../testing/use-backend.js";
import { unitLength } from "./unit-length.js";

describe("unitLength", () => {
  const backend = useBackend(() => openReference());

  test("divides each row by its length; a row of zeros stays zeros", async () => {
    const rows = [
      [3, 4],
      [0, 0],
      [-1e-3, 0],
    ];
    const { values, shape } = await valuesOf(() => unitLength(tensorOf(backend(), rows)));
    expect(shape).toEqual([3, 2]);
    expectClose(values, [0.6, 0.8, 0, 0, -1, 0], 1e-6);
  });

  test("a scalar has no row", () => {
    expect(thrown(() => unitLength(tensorOf(backend(), 1)))).toBe("ShapeError: sumTo: cannot sum [] to [1]");
  });
});
