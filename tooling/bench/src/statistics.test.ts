import { describe, expect, test } from "@jest/globals";
import { median, quantile, speedAgainst, summarize } from "./statistics.js";

describe("quantiles", () => {
  test("are samples where a sample lies there, and linear in between", () => {
    const samples = [40, 10, 30, 20, 50];
    expect(quantile(samples, 0)).toBe(10);
    expect(quantile(samples, 0.25)).toBe(20);
    expect(quantile(samples, 0.1)).toBeCloseTo(14);
    expect(quantile(samples, 1)).toBe(50);
  });

  test("sort numbers as numbers and leave the samples as they were", () => {
    const samples = [100, 9, 20];
    expect(median(samples)).toBe(20);
    expect(samples).toEqual([100, 9, 20]);
  });

  test("of an even number of samples have the middle of the middle two", () => {
    expect(median([1, 2, 4, 100])).toBe(3);
  });

  test("of one sample are that sample, of none an error", () => {
    expect(summarize([7])).toEqual({ median: 7, p10: 7, p90: 7 });
    expect(() => median([])).toThrow("needs at least one sample");
  });
});

describe("speed against a rival", () => {
  test("is the ratio of the medians, and above 1 where we take less time", () => {
    expect(speedAgainst([30, 10, 20], [10, 10, 10]).median).toBe(2);
    expect(speedAgainst([10], [40]).median).toBe(0.25);
  });

  test("spreads by round: a slow round of both sides is no spread", () => {
    const { p10, p90 } = speedAgainst([10, 100, 20], [5, 50, 10]);
    expect([p10, p90]).toEqual([2, 2]);
  });

  test("needs as many samples of either side", () => {
    expect(() => speedAgainst([1, 2], [1])).toThrow("got 2 and 1");
  });
});
