import { ShapeError } from "@bertkit/tensor";
import { describe, expect, test } from "@jest/globals";
import { emptyRanges, packSigns, packSignsSigned, quantizeToInt8, quantizeToUint8, widenRanges } from "./index.js";

const vectors = [
  [0.1, -0.2, 0.3],
  [0.5, -0.25, 0.3],
  [-0.1, 0.2, 0.3],
  [0.05, 0, 0.3],
].map((numbers) => Float32Array.from(numbers));

const ranges = emptyRanges(3);
for (const vector of vectors) widenRanges(ranges, vector);

// Expected: sentence-transformers' quantize_embeddings of the same arrays.
describe("quantization", () => {
  test("ranges hold the smallest and the largest of each number", () => {
    expect(ranges.minima).toEqual(Float32Array.of(-0.1, -0.25, 0.3));
    expect(ranges.maxima).toEqual(Float32Array.of(0.5, 0.2, 0.3));
  });

  test("uint8 and int8 are sentence-transformers', also where a number is always the same", () => {
    expect(vectors.map((vector) => [...quantizeToUint8(vector, ranges)])).toEqual([
      [85, 28, 0],
      [255, 0, 0],
      [0, 255, 0],
      [63, 141, 0],
    ]);
    expect(vectors.map((vector) => [...quantizeToInt8(vector, ranges)])).toEqual([
      [-43, -100, -128],
      [127, -128, -128],
      [-128, 127, -128],
      [-65, 13, -128],
    ]);
  });

  test("what lies outside the ranges goes to their ends", () => {
    expect([...quantizeToUint8(Float32Array.of(9, -9, 9), ranges)]).toEqual([255, 0, 8]);
    expect([...quantizeToInt8(Float32Array.of(-Infinity, Infinity, 0), ranges)]).toEqual([-128, 127, -128]);
  });

  test("signs are bits, the first the highest, zero no sign and the last byte filled up", () => {
    const vector = Float32Array.of(0.1, -0.2, 0, 1, 1, 1, 1, 1, -1, 5);
    expect(packSigns(vector)).toEqual(Uint8Array.of(159, 64));
    expect(packSignsSigned(vector)).toEqual(Int8Array.of(31, -64));
  });

  test("ranges and vectors of different widths are an error", () => {
    expect(() => quantizeToUint8(Float32Array.of(1), ranges)).toThrow(ShapeError);
    expect(() => widenRanges(ranges, Float32Array.of(1))).toThrow("ranges of 3 numbers do not fit a vector of 1");
  });
});
