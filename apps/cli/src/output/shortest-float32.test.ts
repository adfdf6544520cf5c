import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { shortestFloat32 } from "./shortest-float32.js";

const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });
const powerOfTwo = fc.integer({ min: -149, max: 127 }).map((exponent) => 2 ** exponent);

/** How many digits a number's spelling has, zeros at its ends aside. */
const digitsOf = (value: number): number => {
  const [mantissa = ""] = String(Math.abs(value)).split("e");
  return mantissa.replace(".", "").replace(/^0+|0+$/g, "").length;
};

/** Whether some decimal of so few digits reads back to the value: tries the nearest one and its neighbours. */
const someDecimalReadsBack = (value: number, digits: number): boolean => {
  const [mantissa = "", exponent = "0"] = value.toExponential(digits - 1).split("e");
  const steps = Number(mantissa.replace(".", ""));
  return [-1, 0, 1].some((step) => {
    const candidate = Number(`${steps + step}e${Number(exponent) - digits + 1}`);
    return Math.fround(candidate) === value;
  });
};

describe("shortestFloat32", () => {
  test("gives the digits that people expect", () => {
    const spelled = [0.1, 1 / 3, 1e-7, 123456.789, 16777216, 1.5e-45, 3.4028234663852886e38, -2.5];
    const expected = ["0.1", "0.33333334", "1e-7", "123456.79", "16777216", "1e-45", "3.4028235e+38", "-2.5"];
    expect(spelled.map((value) => String(shortestFloat32(Math.fround(value))))).toEqual(expected);
  });

  test("its spelling reads back to the same float32", () => {
    const readsBack = (value: number): void => {
      expect(Math.fround(Number(String(shortestFloat32(value))))).toBe(value);
    };
    fc.assert(
      fc.property(
        fc.oneof(
          float32.filter((value) => value !== 0),
          powerOfTwo,
        ),
        readsBack,
      ),
      { numRuns: 2000 },
    );
  });

  test("no spelling with fewer digits does", () => {
    const isShortest = (value: number): void => {
      const digits = digitsOf(shortestFloat32(value));
      expect(digits === 1 || !someDecimalReadsBack(value, digits - 1)).toBe(true);
    };
    fc.assert(
      fc.property(
        fc.oneof(
          float32.filter((value) => value !== 0),
          powerOfTwo,
        ),
        isShortest,
      ),
      { numRuns: 2000 },
    );
  });

  test("leaves what has no digits as it is", () => {
    for (const value of [0, -0, NaN, Infinity, -Infinity]) expect(shortestFloat32(value)).toBe(value);
  });
});
