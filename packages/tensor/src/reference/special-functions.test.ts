import { describe, expect, test } from "@jest/globals";
import { expectClose, largestDifference } from "../testing/closeness.js";
import { erf, geluTanh, geluTanhSlope, normalDensity, normalProbability } from "./special-functions.js";

// From mpmath with 40 digits.
const erfValues: readonly (readonly [x: number, y: number])[] = [
  [0, 0],
  [1e-8, 1.1283791670955125363e-8],
  [0.1, 0.1124629160182848922],
  [0.5, 0.52049987781304653768],
  [-0.7, -0.67780119383741847298],
  [1, 0.84270079294971486934],
  [1.5, 0.96610514647531072707],
  [2, 0.99532226501895273416],
  [2.5, 0.99959304798255504106],
  [2.9, 0.99995890212190054116],
  [3, 0.99997790950300141456],
  [3.5, 0.99999925690162765859],
  [4, 0.99999998458274209972],
  [5, 0.99999999999846254021],
  [5.9, 0.9999999999999999281],
  [7, 1],
];

/** x, Φ(x), φ(x), geluTanh(x) and its derivative. */
const normalValues = [
  [-3, 0.00134989803163009453, 0.00443184841193800718, -0.00363739208177301884, -0.0115841666309697262],
  [-1, 0.158655253931457051, 0.24197072451914335, -0.158808009391723295, -0.0829640838457825551],
  [-0.5, 0.308537538725986896, 0.352065326764299478, -0.154285990174856078, 0.132630096465357688],
  [0.5, 0.691462461274013104, 0.352065326764299478, 0.345714009825143922, 0.867369903534642312],
  [1, 0.841344746068542949, 0.24197072451914335, 0.841191990608276705, 1.08296408384578256],
  [2, 0.977249868051820793, 0.053990966513188052, 1.95459769408777502, 1.08609925662361838],
  [6, 0.999999999013412355, 6.07588284982328549e-9, 5.99999999991560353, 1.00000000077099739],
] as const;

describe("special functions agree with their exact values in double precision", () => {
  test("erf, by its series and by its fraction", () => {
    for (const [x, y] of erfValues) {
      expect(Math.abs(erf(x) - y)).toBeLessThan(1e-15);
      expect(erf(-x)).toBe(-erf(x));
    }
  });

  test("erf is continuous where its two forms meet", () => {
    // The slope at 3 is 1.4e-4, so a step of 1e-9 may move it by 1.4e-13.
    expect(Math.abs(erf(3) - erf(3 - 1e-9) - 1.3925e-13)).toBeLessThan(1e-15);
    expect(erf(6 + 1e-9) - erf(6)).toBeLessThan(1e-15);
  });

  test("erf at the ends", () => {
    expect([erf(Infinity), erf(-Infinity), erf(Number.NaN)]).toEqual([1, -1, Number.NaN]);
  });

  test("the normal distribution and the tanh form of GELU", () => {
    for (const [x, probability, density, gelu, slope] of normalValues) {
      const found = [normalProbability(x), normalDensity(x), geluTanh(x), geluTanhSlope(x)];
      expect(largestDifference(found, [probability, density, gelu, slope])).toBeLessThan(1e-15);
    }
  });

  test("GELU's tanh form does not overflow", () => {
    expectClose([geluTanh(-1e30), geluTanh(1e30), geluTanhSlope(-1e30), geluTanhSlope(1e30)], [0, 1e30, 0, 1], "exact");
  });
});
