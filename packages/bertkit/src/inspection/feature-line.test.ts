import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { featureLine } from "./feature-line.js";
import { sixDecimals } from "./six-decimals.js";

describe("numbers at six decimals", () => {
  // As Python 3.11 writes json.dumps(round(float(x), 6)) for float32 numbers.
  test.each([
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [-1, "-1.0"],
    [0.1, "0.1"],
    [1e-4, "0.0001"],
    [9.9949e-5, "0.0001"],
    [9.9e-5, "9.9e-05"],
    [9e-5, "9e-05"],
    [1e-6, "1e-06"],
    [4.999999987376214e-7, "0.0"],
    [-5.1e-7, "-1e-06"],
    [-1e-9, "-0.0"],
    [0.0078125, "0.007812"],
    [0.0234375, "0.023438"],
    [-0.0390625, "-0.039062"],
    [1.401298464324817e-45, "0.0"],
    [123456.7890625, "123456.789062"],
    [-8388607.5, "-8388607.5"],
    [16777215, "16777215.0"],
    [16777216, "16777216.0"],
    [1e9, "1000000000.0"],
    [999999986991104, "999999986991104.0"],
    [1e16, "1.0000000272564224e+16"],
    [-9.999999843067494e16, "-9.999999843067494e+16"],
    [1e22, "9.999999778196308e+21"],
    [3.4028234663852886e38, "3.4028234663852886e+38"],
  ])("%p is %s, as in Python", (value, spelling) => {
    expect(sixDecimals(new Float32Array([value]))).toBe(spelling);
  });

  test("20,000 random numbers are those of Python, by the hash of its text", () => {
    const bits = new Uint32Array(20_000);
    for (let i = 0, state = 1; i < bits.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      // Every other number lies between 2^-24 and 2^7, as hidden states do; the others are of any size.
      bits[i] = i % 2 === 0 ? (state & 0x807fffff) | ((103 + ((state >>> 23) & 31)) << 23) : state;
    }
    const numbers = new Float32Array(bits.buffer).filter(Number.isFinite);
    const hash = createHash("sha256")
      .update(`[${sixDecimals(numbers)}]`)
      .digest("hex");
    expect(hash).toBe("494133310d267bfede6cff168a97524119e8e7135c55a4017969010b9c19b606");
  });

  test("each is the nearest with six decimals, counted exactly", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 30), max: 2 ** 30 }), (value) => {
        const millionths = BigInt(Math.round(Number(sixDecimals(new Float32Array([value]))) * 1e6));
        // The value's distance from what was written, in 2^-200 of a millionth.
        const distance = scaled(value) * 1_000_000n - (millionths << 200n);
        expect(distance < 0n ? -distance : distance).toBeLessThanOrEqual(1n << 199n);
      }),
    );
  });
});

describe("a line of features", () => {
  test("is Google's to the byte", () => {
    const layers = [
      { index: -1, values: new Float32Array([0.5, -1e-9, 1, 2, 3e-6, 1 / 3]) },
      { index: -2, values: new Float32Array([-0.25, 0, 1e16]) },
    ];
    expect(featureLine(3, ["[CLS]", '"é\\', "\u2028\x7f😀\x01\n"], layers)).toBe(
      String.raw`{"linex_index": 3, "features": [{"token": "[CLS]", "layers": [{"index": -1, "values": [0.5, -0.0]}, {"index": -2, "values": [-0.25]}]}, {"token": "\"\u00e9\\", "layers": [{"index": -1, "values": [1.0, 2.0]}, {"index": -2, "values": [0.0]}]}, {"token": "\u2028\u007f\ud83d\ude00\u0001\n", "layers": [{"index": -1, "values": [3e-06, 0.333333]}, {"index": -2, "values": [1.0000000272564224e+16]}]}]}`,
    );
  });

  test("gives every token and number back to a reader of JSON", () => {
    const numbers = fc.float({ noNaN: true, noDefaultInfinity: true });
    const tokens = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(tokens, fc.infiniteStream(numbers), (texts, stream) => {
        const values = Float32Array.from(Array.from(texts, () => [...stream.take(3)]).flat());
        const line = JSON.parse(featureLine(0, texts, [{ index: 7, values }]));
        expect(line).toEqual({
          linex_index: 0,
          features: texts.map((token, row) => ({
            token,
            layers: [{ index: 7, values: JSON.parse(`[${sixDecimals(values.subarray(3 * row, 3 * row + 3))}]`) }],
          })),
        });
      }),
    );
  });

  test("refuses layers that do not fit the tokens, and numbers that JSON lacks, all at once", () => {
    const layers = [
      { index: -1, values: new Float32Array(5) },
      { index: -2, values: new Float32Array([1, 2, 3, Number.NaN]) },
    ];
    expect(() => featureLine(0, ["a", "b"], layers)).toThrow(
      "featureLine: layer -1 has 5 values, which is no whole row for each of 2 tokens; layer -2 holds NaN at 3, which JSON cannot say",
    );
    expect(featureLine(0, [], [])).toBe('{"linex_index": 0, "features": []}');
  });
});

/** A float32 in units of 2^-200, which every one is a whole number of. */
function scaled(value: number): bigint {
  let [rest, power] = [value, 200];
  while (!Number.isInteger(rest)) {
    rest *= 2;
    power--;
  }
  return BigInt(rest) << BigInt(power);
}
