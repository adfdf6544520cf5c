import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { thrown } from "./fixtures/thrown.js";
import { quantizeRows, quantizeRowsInto, roundHalfEven } from "./quantize-rows.js";

const plain = ({ levels, scales }: { levels: Int8Array; scales: Float32Array }) => [[...levels], [...scales]];

describe("quantizeRows", () => {
  test("a row's largest number has the largest level: 63 for linear maps, 127 for tables", () => {
    const values = Float32Array.of(63, -31.5, 0, 127, -254, 1);
    expect(plain(quantizeRows(values, 3, "quantizedLinear"))).toEqual([
      [63, -32, 0, 32, -63, 0],
      [1, Math.fround(254 / 63)],
    ]);
    expect(plain(quantizeRows(values, 3, "quantizedRows"))).toEqual([
      [127, -64, 0, 64, -127, 0],
      [Math.fround(63 / 127), 2],
    ]);
  });

  test("halves are rounded to even", () => {
    const values = Float32Array.of(63, 0.5, 1.5, 2.5, -0.5, -1.5);
    expect([...quantizeRows(values, 6, "quantizedLinear").levels]).toEqual([63, 0, 2, 2, 0, -2]);
  });

  test("a row of zeros has scale 0, and numbers too small for a scale are zeros", () => {
    expect(plain(quantizeRows(Float32Array.of(0, -0, 1e-45, -1e-45), 2, "quantizedLinear"))).toEqual([
      [0, 0, 0, 0],
      [0, 0],
    ]);
  });

  test("a number that is none makes its row's scale none, so that it is not lost", () => {
    const { scales } = quantizeRows(Float32Array.of(NaN, 1, 1, 1, Infinity, 1), 2, "quantizedRows");
    expect([...scales]).toEqual([NaN, Math.fround(1 / 127), Infinity]);
  });

  test("what fills no rows is refused; no rows are fine", () => {
    expect(thrown(() => quantizeRows(new Float32Array(5), 2, "quantizedLinear"))).toBe(
      "ShapeError: quantizeRows: 5 values fill no rows of 2",
    );
    expect(quantizeRows(new Float32Array(0), 7, "quantizedLinear").scales.length).toBe(0);
  });

  test("no number moves by more than half a step, whatever the row", () => {
    const row = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(row, fc.constantFrom("quantizedLinear" as const, "quantizedRows" as const), (numbers, use) => {
        const values = Float32Array.from(numbers);
        const { levels, scales } = quantizeRows(values, values.length, use);
        const [scale, largest] = [scales[0]!, use === "quantizedLinear" ? 63 : 127];
        for (const [i, level] of levels.entries()) {
          expect(Math.abs(level)).toBeLessThanOrEqual(largest);
          // Half a step, and what the scale itself was rounded by; a denormal scale is rounded by more.
          const allowed = scale * 0.5 * (1 + 1e-4) + largest * 2 ** -149;
          expect(Math.abs(level * scale - values[i]!)).toBeLessThanOrEqual(allowed);
        }
      }),
    );
  });
});

test("roundHalfEven goes to the nearest whole number, and between two to the even one", () => {
  const cases = [0.5, 1.5, -0.5, -1.5, -2.5, 0.49999999999999994, 2.4, -2.6, 255.5, 1e6 + 0.5];
  expect(cases.map(roundHalfEven)).toEqual([0, 2, 0, -2, -2, 0, 2, -3, 256, 1e6]);
  expect(roundHalfEven(NaN)).toBeNaN();
});

describe("quantizeRowsInto", () => {
  test("leaves nothing of what was in the memory", () => {
    const values = Float32Array.of(0, 0, 5, -2.5);
    const used = { levels: Int8Array.of(1, 2, 3, 4), scales: Float32Array.of(5, 6) };
    quantizeRowsInto(values, "quantizedLinear", used);
    expect(used).toEqual(quantizeRows(values, 2, "quantizedLinear"));
  });

  test("refuses memory of another size", () => {
    const memory = (levels: number, scales: number) => ({
      levels: new Int8Array(levels),
      scales: new Float32Array(scales),
    });
    for (const into of [memory(3, 2), memory(4, 3), memory(4, 0)]) {
      const message = thrown(() => quantizeRowsInto(new Float32Array(4), "quantizedRows", into));
      expect(message).toMatch(/^ShapeError: quantizeRowsInto: 4 values, \d levels, \d scales$/);
    }
  });
});
