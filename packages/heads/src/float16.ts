/** The bits of the float16 nearest to each number; of two equally near the even one, beyond 65504 infinity (IEEE 754, binary16). */
export function toFloat16(values: Float32Array): Uint16Array {
  const singles = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = halfBits(singles[i]!);
  return halves;
}

/** The numbers that bits of float16 stand for, exactly. */
export function fromFloat16(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  for (let i = 0; i < values.length; i++) values[i] = halfValue(bits[i]!);
  return values;
}

/** From the bits of a float32. */
function halfBits(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const magnitude = single & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return sign | 0x7c00 | Math.max(1, (magnitude & 0x7f_ffff) >>> 13); // NaN stays NaN
  if (magnitude >= 0x477f_f000) return sign | 0x7c00; // half way from 65504 to what would be next
  // Exponents count from -127 and from -15; rounding up may carry into the exponent, which is then right.
  if (magnitude >= 0x3880_0000) return sign | shiftToNearest(magnitude - (112 << 23), 13);
  const exponent = magnitude >>> 23;
  if (exponent < 102) return sign; // below 2^-25, half of the smallest
  return sign | shiftToNearest((magnitude & 0x7f_ffff) | 0x80_0000, 126 - exponent);
}

function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (0x400 + fraction) * 2 ** (exponent - 25);
}

/** Shifts right by `bits`; what is half way goes to the even number. */
function shiftToNearest(value: number, bits: number): number {
  const floor = value >>> bits;
  const rest = value & ((1 << bits) - 1);
  const half = 1 << (bits - 1);
  return rest > half || (rest === half && floor % 2 === 1) ? floor + 1 : floor;
}
