import { describe, expect, test } from "@jest/globals";
import { expectClose, largestDifference } from "./closeness.js";
import { tolerances } from "./tolerances.js";

describe("largestDifference", () => {
  test("is absolute, over all elements", () => {
    expect(largestDifference([1, 2, -3], [1, 2.5, -3.25])).toBe(0.5);
    expect(largestDifference([], [])).toBe(0);
  });

  test("is 0 for equal infinities and NaNs, and never small for others", () => {
    expect(largestDifference([Infinity, NaN], [Infinity, NaN])).toBe(0);
    expect(largestDifference([Infinity], [-Infinity])).toBe(Infinity);
    expect(largestDifference([NaN, 1], [0, 1])).toBeNaN();
    expect(largestDifference([1], [NaN])).toBeNaN();
    expect(largestDifference([1, 2], [1])).toBe(Infinity);
  });
});

describe("expectClose", () => {
  test("allows the tolerance, relative above 1 and absolute below", () => {
    expectClose([1 + 0.9e-5, 1e-6, 1000.009], [1, 0, 1000], "float32");
    expectClose([1.5], [1], 0.5);
    expectClose([], [], "exact");
    expect(tolerances).toEqual({ exact: 0, float32: 1e-5, acrossDevices: 1e-4, numericGradient: 1e-2 });
  });

  test("names the worst element, what was expected and what is allowed", () => {
    expect(() => expectClose([1, 2.1, 3.5], [1, 2, 3], "float32", "hidden")).toThrow(
      "hidden: element 2 is 3.5, expected 3 (off by 1.67e-1, allowed 1e-5)",
    );
    expect(() => expectClose([1], [1 + 2 ** -52], "exact")).toThrow(
      "values: element 0 is 1, expected 1.0000000000000002",
    );
  });

  test("is not passed by NaN, infinities or other lengths", () => {
    expect(() => expectClose([NaN, 9], [1, 1], 1)).toThrow("element 0 is NaN, expected 1");
    expect(() => expectClose([1], [NaN], 1)).toThrow("element 0 is 1, expected NaN");
    expect(() => expectClose([Infinity], [1], 1)).toThrow("element 0 is Infinity");
    expect(() => expectClose([1], [Infinity], 1)).toThrow("expected Infinity");
    expect(() => expectClose([-Infinity], [Infinity], 1)).toThrow("element 0 is -Infinity");
    expect(() => expectClose([1, 2], [1], 1)).toThrow("values: 2 numbers where 1 were expected");
    expectClose([NaN, Infinity], [NaN, Infinity], "exact");
  });
});
