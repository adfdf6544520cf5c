import { describe, expect, test } from "@jest/globals";
import { valuesOf } from "../fixtures/tensors.js";
import { thrown } from "../fixtures/thrown.js";
import { openReference } from "../reference/open-reference.js";
import { useBackend } from "../testing/use-backend.js";
import { full, ones, zeros } from "./create.js";

describe("tensors of one number", () => {
  const backend = useBackend(() => openReference());

  test("every element is the number", async () => {
    expect(await valuesOf(() => full(backend(), [2, 2], -1.5))).toEqual({
      shape: [2, 2],
      values: [-1.5, -1.5, -1.5, -1.5],
    });
    expect(await valuesOf(() => zeros(backend(), [3]))).toEqual({ shape: [3], values: [0, 0, 0] });
    expect(await valuesOf(() => ones(backend(), []))).toEqual({ shape: [], values: [1] });
    expect(await valuesOf(() => ones(backend(), [0, 4]))).toEqual({ shape: [0, 4], values: [] });
  });

  test("extents that are no whole numbers are refused", () => {
    expect(thrown(() => zeros(backend(), [2, -1]))).toBe(
      "ShapeError: extents must be whole numbers from 0 on, got [2, -1]",
    );
    expect(thrown(() => zeros(backend(), [1.5]))).toContain("got [1.5]");
    expect(thrown(() => zeros(backend(), [Number.NaN]))).toContain("got [NaN]");
  });
});
