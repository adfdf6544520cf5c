import { CheckpointError, quoted } from "./checkpoint-error.js";
import type { Values } from "./checkpoint-source.js";
import { holds, layouts, memoryOf, type ReadableDType } from "./stored-dtype.js";

const pieceSize = 4 * 2 ** 20;

/**
 * Gives values as the bytes of a stored type, piece after piece: the memory itself where it holds that type already,
 * else through one scratch block of at most 4 MB, which the next piece overwrites. Floats are rounded once, to the
 * nearest, ties to even; integers must fit.
 *
 * @throws CheckpointError `argument` for memory of the wrong kind, `range` for an integer that the type cannot hold.
 */
export function* encodeValues(dtype: ReadableDType, values: Values, name: string): Generator<Uint8Array> {
  if (!holds(dtype, values)) {
    const wanted = `its values must be ${memoryOf(dtype)}`;
    throw new CheckpointError("argument", `${quoted(name)}: to be written as ${dtype}, ${wanted}`);
  }
  if (isStoredAlready(dtype, values)) {
    if (values.length > 0) yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return;
  }
  const width = layouts[dtype].bytes;
  const scratch = new Uint8Array(Math.min(values.length * width, pieceSize));
  for (let from = 0; from < values.length; from += pieceSize / width) {
    const part = values.subarray(from, from + pieceSize / width);
    const bytes = scratch.subarray(0, part.length * width);
    if (part instanceof Float32Array || part instanceof Float64Array) encodeFloats(dtype, part, bytes.buffer);
    else encodeIntegers(dtype, part, bytes.buffer, name);
    yield bytes;
  }
}

function isStoredAlready(dtype: ReadableDType, values: Values): boolean {
  if (values instanceof Int32Array) return dtype === "int32";
  if (values instanceof Int8Array) return dtype === "int8";
  return dtype === (values instanceof Float32Array ? "float32" : "float64");
}

function encodeFloats(dtype: ReadableDType, values: Float32Array | Float64Array, into: ArrayBuffer): void {
  if (dtype === "float64") new Float64Array(into).set(values);
  else if (dtype === "float32") new Float32Array(into).set(values);
  else {
    const round = dtype === "float16" ? float16Of : bfloat16Of;
    const halves = new Uint16Array(into);
    const number = new Float32Array(1);
    const bits = new Uint32Array(number.buffer);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      number[0] = value;
      const nearest = number[0];
      // A float64 between two float32: to the odd one of them, so that the second rounding sees which side it was on.
      if (nearest !== value && !Number.isNaN(value)) {
        if (Math.abs(nearest) > Math.abs(value)) bits[0] = bits[0]! - 1;
        bits[0] = bits[0]! | 1;
      }
      halves[i] = round(bits[0]!);
    }
  }
}

function bfloat16Of(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

function float16Of(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00 | ((size >>> 13) & 0x3ff);
  // 65520, halfway from the largest float16 to the next power of two.
  if (size >= 0x477ff000) return sign | 0x7c00;
  if (size >= 0x38800000) return sign | ((size + 0xfff + ((size >>> 13) & 1) - 0x38000000) >>> 13);
  // Below 2^-14: a multiple of 2^-24.
  const shift = 126 - (size >>> 23);
  if (shift > 24) return sign;
  const significand = (size & 0x7fffff) | 0x800000;
  const quotient = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (quotient + (rest > half || (rest === half && (quotient & 1) === 1) ? 1 : 0));
}

/** The least and greatest that an Int32Array can bring to a type. */
const bounds: Readonly<Partial<Record<ReadableDType, readonly [number, number]>>> = {
  int16: [-32768, 32767],
  int8: [-128, 127],
  uint64: [0, 2 ** 31],
  uint32: [0, 2 ** 31],
  uint16: [0, 65535],
  uint8: [0, 255],
  bool: [0, 1],
};

function encodeIntegers(dtype: ReadableDType, values: Int32Array | Int8Array, into: ArrayBuffer, name: string): void {
  const [least, greatest] = bounds[dtype] ?? [-(2 ** 31), 2 ** 31];
  for (const value of values) {
    if (value < least || value > greatest) {
      throw new CheckpointError("range", `${quoted(name)} holds ${value}, which ${dtype} cannot`);
    }
  }
  if (layouts[dtype].bytes === 8) {
    const words = new Int32Array(into);
    for (let i = 0; i < values.length; i++) {
      words[2 * i] = values[i]!;
      words[2 * i + 1] = values[i]! >> 31;
    }
  } else if (layouts[dtype].bytes === 4) new Int32Array(into).set(values);
  else if (layouts[dtype].bytes === 2) new Int16Array(into).set(values);
  else new Int8Array(into).set(values);
}
