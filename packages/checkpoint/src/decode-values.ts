import { CheckpointError, quoted } from "./checkpoint-error.js";
import type { Values } from "./checkpoint-source.js";
import { layouts, type ReadableDType } from "./stored-dtype.js";

// Files are little-endian, and so is every machine that Node and browsers are built for today but s390x. On a
// big-endian one every number would be wrong, so the package refuses to work there: here, in the one place.
if (new Uint8Array(new Uint32Array([1]).buffer)[0] !== 1) {
  throw new CheckpointError("unsupported", "@bertkit/checkpoint reads and writes on little-endian machines only");
}

/**
 * Turns stored elements into values. `bytes` may be the tail of the memory of `values`: each element is read before
 * anything is written on it.
 *
 * @throws CheckpointError `range` for an integer that 32 signed bits cannot hold.
 */
export function decodeValues(dtype: ReadableDType, bytes: Uint8Array, values: Values, name: string): void {
  if (values instanceof Int32Array) decodeIntegers(dtype, bytes, values, name);
  else if (values instanceof Int8Array) copyUnlessInPlace(bytes, values);
  else decodeFloats(dtype, bytes, values);
}

function decodeFloats(dtype: ReadableDType, bytes: Uint8Array, values: Float32Array | Float64Array): void {
  const count = values.length;
  const { buffer, byteOffset } = bytes;
  if (layouts[dtype].bytes === 2) {
    const halves = new Uint16Array(buffer, byteOffset, count);
    const bitsOf = dtype === "float16" ? float16Bits : bfloat16Bits;
    if (values instanceof Float32Array) {
      // Bits, not numbers, so that a NaN keeps its payload.
      const bits = new Uint32Array(values.buffer, values.byteOffset, count);
      for (let i = 0; i < count; i++) bits[i] = bitsOf(halves[i]!);
    } else {
      const bits = new Uint32Array(1);
      const number = new Float32Array(bits.buffer);
      for (let i = 0; i < count; i++) {
        bits[0] = bitsOf(halves[i]!);
        values[i] = number[0]!;
      }
    }
    return;
  }
  if (layouts[dtype].bytes === values.BYTES_PER_ELEMENT) {
    copyUnlessInPlace(bytes, values);
    return;
  }
  const stored =
    dtype === "float64" ? new Float64Array(buffer, byteOffset, count) : new Float32Array(buffer, byteOffset, count);
  for (let i = 0; i < count; i++) values[i] = stored[i]!;
}

function copyUnlessInPlace(bytes: Uint8Array, values: Values): void {
  if (bytes.buffer === values.buffer && bytes.byteOffset === values.byteOffset) return;
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(bytes);
}

function bfloat16Bits(half: number): number {
  return half << 16;
}

/** The bits of the float32 that equals a float16. IEEE 754-2019 §3.6: exponent bias 15 against 127. */
function float16Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal here, normal in float32: fraction × 2^-24, whose first 1 becomes the hidden bit.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

function decodeIntegers(dtype: ReadableDType, bytes: Uint8Array, values: Int32Array, name: string): void {
  const { buffer, byteOffset } = bytes;
  const count = values.length;
  switch (dtype) {
    case "int64":
    case "uint64": {
      const words = new Int32Array(buffer, byteOffset, count * 2);
      for (let i = 0; i < count; i++) {
        const low = words[2 * i]!;
        // The upper word must be the lower one's sign, carried on; of an unsigned number, 0 and no sign.
        const upper = dtype === "int64" ? low >> 31 : 0;
        if (words[2 * i + 1] !== upper || (dtype === "uint64" && low < 0)) throw misfit(dtype, bytes, i, name);
        values[i] = low;
      }
      return;
    }
    case "uint32": {
      copyUnlessInPlace(bytes, values);
      const bad = values.findIndex((value) => value < 0);
      if (bad >= 0) throw misfit(dtype, bytes, bad, name);
      return;
    }
    case "int32":
      copyUnlessInPlace(bytes, values);
      return;
    case "bool":
      for (let i = 0; i < count; i++) values[i] = bytes[i] === 0 ? 0 : 1;
      return;
    default: {
      const stored = narrowView(dtype, buffer, byteOffset, count);
      for (let i = 0; i < count; i++) values[i] = stored[i]!;
    }
  }
}

function narrowView(dtype: ReadableDType, buffer: ArrayBufferLike, offset: number, count: number): ArrayLike<number> {
  if (dtype === "int16") return new Int16Array(buffer, offset, count);
  if (dtype === "uint16") return new Uint16Array(buffer, offset, count);
  return dtype === "int8" ? new Int8Array(buffer, offset, count) : new Uint8Array(buffer, offset, count);
}

function misfit(dtype: ReadableDType, bytes: Uint8Array, index: number, name: string): CheckpointError {
  const view = new DataView(bytes.buffer, bytes.byteOffset + index * layouts[dtype].bytes);
  let value = view.getUint32(0, true).toString();
  if (dtype === "int64") value = view.getBigInt64(0, true).toString();
  if (dtype === "uint64") value = view.getBigUint64(0, true).toString();
  const problem = `${dtype} ${value} does not fit 32 signed bits, which is what integers are read as`;
  return new CheckpointError("range", `${quoted(name)} holds the ${problem}`);
}
