import { ShapeError } from "@bertkit/tensor";

/** For each number of a vector, the smallest and the largest that it was in many vectors. */
export interface VectorRanges {
  readonly minima: Float32Array;
  readonly maxima: Float32Array;
}

/** The ranges of no vectors, to be widened. */
export function emptyRanges(width: number): VectorRanges {
  return { minima: new Float32Array(width).fill(Infinity), maxima: new Float32Array(width).fill(-Infinity) };
}

/** Widens the ranges, in place, so that they hold one more vector. Throws `ShapeError`. */
export function widenRanges({ minima, maxima }: VectorRanges, vector: Float32Array): void {
  checkWidth(minima, vector);
  for (const [i, value] of vector.entries()) {
    if (value < minima[i]!) minima[i] = value;
    if (value > maxima[i]!) maxima[i] = value;
  }
}

/**
 * Each number as one of 256 equal steps of its range, 0 … 255; what lies outside goes to the nearest. Throws `ShapeError`.
 * In float32, as `quantize_embeddings(…, precision="uint8", ranges=…)` of sentence-transformers (util/quantization.py).
 */
export function quantizeToUint8(vector: Float32Array, { minima, maxima }: VectorRanges): Uint8Array {
  checkWidth(minima, vector);
  return Uint8Array.from(vector, (value, i) => {
    const start = minima[i]!;
    const step = Math.fround(Math.fround(maxima[i]! - start) / 255) || 1;
    const steps = Math.floor(Math.fround(Math.fround(value - start) / step));
    return Math.min(Math.max(steps, 0), 255);
  });
}

/** The same steps counted from -128, as `precision="int8"`. Throws `ShapeError`. */
export function quantizeToInt8(vector: Float32Array, ranges: VectorRanges): Int8Array {
  return Int8Array.from(quantizeToUint8(vector, ranges), (steps) => steps - 128);
}

/**
 * A bit for each number, 1 where it is above 0; eight a byte, the first the highest, the last byte filled up with 0. As
 * `precision="ubinary"` of sentence-transformers.
 */
export function packSigns(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(vector.length / 8));
  for (const [i, value] of vector.entries()) {
    if (value > 0) bytes[i >> 3]! |= 0x80 >> (i & 7);
  }
  return bytes;
}

/** The same bytes less 128, as `precision="binary"`. */
export function packSignsSigned(vector: Float32Array): Int8Array {
  return Int8Array.from(packSigns(vector), (byte) => byte - 128);
}

function checkWidth({ length }: Float32Array, vector: Float32Array): void {
  if (vector.length === length) return;
  throw new ShapeError(`ranges of ${length} numbers do not fit a vector of ${vector.length}`);
}
