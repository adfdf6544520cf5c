import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fromFloat16, toFloat16 } from "./index.js";

const bitsOf = (...values: number[]): number[] => [...toFloat16(Float32Array.from(values))];
const everyHalf = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);

describe("float16", () => {
  test("has NumPy's bits for numbers that people know, at both ends and between", () => {
    // numpy 2.4, array.astype(np.float16).view(np.uint16)
    expect(bitsOf(0.1, -1 / 3, 65504, 65520, -65520, 5.96e-8, 2.98e-8, 6.1e-5)).toEqual([
      11878, 46421, 31743, 31744, 64512, 1, 0, 1023,
    ]);
    expect(bitsOf(2049, 2051, Number.NaN, -0, Infinity, -Infinity)).toEqual([26624, 26626, 32256, 32768, 31744, 64512]);
  });

  test("gives every float16 back to the bit, but for what a NaN carries", () => {
    const back = toFloat16(fromFloat16(everyHalf));
    for (const bits of everyHalf) {
      const carries = (bits & 0x7fff) > 0x7c00;
      if (carries) expect(back[bits]! & 0x7fff).toBeGreaterThan(0x7c00);
      else if (back[bits] !== bits) throw new Error(`${bits} became ${back[bits]}`);
    }
  });

  test("half way between two neighbours it takes the even one, and the nearer one on either side", () => {
    const values = fromFloat16(everyHalf);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7bfe }), (bits) => {
        const middle = (values[bits]! + values[bits + 1]!) / 2; // 12 significant bits, exact
        const apart = middle * 2 ** -23;
        const even = bits % 2 === 0 ? bits : bits + 1;
        expect(bitsOf(middle, middle - apart, middle + apart)).toEqual([even, bits, bits + 1]);
      }),
      { numRuns: 2000 },
    );
  });
});
