import { describe, expect, test } from "@jest/globals";
import { flatness } from "./flatness.js";

const samples = (...resident: number[]) => resident.map((bytes, i) => ({ texts: 1000 * i, resident: bytes }));

describe("flatness", () => {
  test("leaves out what is made once, in the first half", () => {
    expect(flatness(samples(10, 500, 700, 700, 700, 700))).toEqual({ growth: 0, peak: 700 });
  });

  test("is the slope over the second half, in bytes a thousand texts", () => {
    expect(flatness(samples(0, 0, 0, 100, 110, 120)).growth).toBeCloseTo(10);
  });

  test("of one sample is an error", () => {
    expect(() => flatness(samples(1))).toThrow("got 1");
  });
});
