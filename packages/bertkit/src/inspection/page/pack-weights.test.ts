import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { packWeights } from "./pack-weights.js";

const bytesOf = (packed: string): number[] => Array.from(atob(packed), (character) => character.charCodeAt(0));

describe("probabilities packed for a page", () => {
  test("are levels in two bytes, the lower first, or roots in one", () => {
    const weights = new Float32Array([0, 1, 0.5, 2 ** -8]);
    expect(bytesOf(packWeights(weights, 2))).toEqual([0, 0, 255, 255, 0, 128, 0, 1]);
    expect(bytesOf(packWeights(weights, 1))).toEqual([0, 255, 180, 16]);
  });

  test("are as right as is said of them", () => {
    const probability = fc.float({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(probability), (given) => {
        const weights = new Float32Array(given);
        const [two, one] = [bytesOf(packWeights(weights, 2)), bytesOf(packWeights(weights, 1))];
        for (const [i, weight] of weights.entries()) {
          const level = two[2 * i]! + 256 * two[2 * i + 1]!;
          expect(Math.abs(level / 65535 - weight)).toBeLessThanOrEqual(0.00001);
          expect(Math.abs((one[i]! / 255) ** 2 - weight)).toBeLessThanOrEqual(Math.sqrt(weight) / 255 + 0.000004);
        }
      }),
    );
  });

  test("an even row of a long text is not lost in one byte", () => {
    const row = bytesOf(packWeights(new Float32Array(512).fill(1 / 512), 1)).map((level) => (level / 255) ** 2);
    expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 1);
  });

  test("what softmax rounds past 1 or below 0 is cut", () => {
    expect(bytesOf(packWeights(new Float32Array([1.00001, -0.00001]), 2))).toEqual([255, 255, 0, 0]);
  });

  test("long rows are one base64, padded at its end only", () => {
    const weights = Float32Array.from({ length: 100_001 }, (_, i) => (i % 256) / 255);
    expect(packWeights(weights, 2)).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(bytesOf(packWeights(weights, 2))).toHaveLength(200_002);
  });
});
