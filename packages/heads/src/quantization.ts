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
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i]!;
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
  const quantized = new Uint8Array(vector.length);
  for (let i = 0; i < vector.length; i++) {
    const start = minima[i]!;
    const step = Math.fround(Math.fround(maxima[i]! - start) / 255) || 1;
    const steps = Math.floor(Math.fround(Math.fround(vector[i]! - start) / step));
    quantized[i] = Math.min(Math.max(steps, 0), 255);
  }
  return quantized;
}

/** The same steps counted from -128, as `precision="int8"`. Throws `ShapeError`. */
export function quantizeToInt8(vector: Float32Array, ranges: VectorRanges): Int8Array {
  return lessHalf(quantizeToUint8(vector, ranges));
}

/**
 * A bit for each number, 1 where it is above 0; eight a byte, the first the highest, the last byte filled up with 0. As
 * `precision="ubinary"` of sentence-transformers.
 */
export function packSigns(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(vector.length / 8));
  for (let i = 0; i < vector.length; i++) {
    if (vector[i]! > 0) bytes[i >> 3]! |= 0x80 >> (i & 7);
  }
  return bytes;
}

/** The same bytes less 128, as `precision="binary"`. */
export function packSignsSigned(vector: Float32Array): Int8Array {
  return lessHalf(packSigns(vector));
}

/** 0 … 255 as -128 … 127, in the same memory: less 128, which is the highest bit turned over. */
function lessHalf(bytes: Uint8Array): Int8Array {
  for (let i = 0; i < bytes.length; i++) bytes[i]! ^= 0x80;
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function checkWidth({ length }: Float32Array, vector: Float32Array): void {
  if (vector.length === length) return;
  throw new ShapeError(`ranges of ${length} numbers do not fit a vector of ${vector.length}`);
}
