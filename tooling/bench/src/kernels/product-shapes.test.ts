import { expect, test } from "@jest/globals";
import { operationsOf, productValues, transposed } from "./product-shapes.js";

test("a product's operations are its multiplications and additions", () => {
  expect(operationsOf({ rows: 2, inputs: 3, outputs: 5 })).toBe(60);
});

test("values are the same every time, between −1 and 1, of either sign", () => {
  const shape = { rows: 4, inputs: 8, outputs: 4 };
  const { x, weight } = productValues(shape);
  expect(productValues(shape)).toEqual({ x, weight });
  const values = [...x, ...weight];
  expect(values).toHaveLength(64);
  expect(Math.min(...values)).toBeLessThan(-0.5);
  expect(Math.max(...values)).toBeGreaterThan(0.5);
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1);
});

test("rows become columns", () => {
  expect(transposed(Float32Array.of(1, 2, 3, 4, 5, 6), 3)).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
});
