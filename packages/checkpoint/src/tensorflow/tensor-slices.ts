import type { SliceExtent, TensorSlice } from "./bundle-messages.js";

/** The rows that a slice of a tensor is, or undefined where it does not have all of the other axes. */
export function rowsOf(slice: TensorSlice, shape: readonly number[]): readonly [from: number, to: number] | undefined {
  if (slice.length !== shape.length || slice.length === 0) return undefined;
  const [rows, ...others] = slice.map(({ start, length = shape[0]! }) => [start, start + length] as const);
  const whole = others.every((_, i) => isWhole(slice[i + 1]!, shape[i + 1]!));
  return whole ? rows : undefined;
}

function isWhole({ start, length }: SliceExtent, extent: number): boolean {
  return start === 0 && (length === undefined || length === extent);
}

/**
 * The key under which a slice of a tensor is stored: a zero, the tensor's name, the number of axes, and start and
 * length of each, in an encoding whose bytes are ordered as the numbers are.
 *
 * Source: tensorflow/core/util/saved_tensor_slice_util.cc, tensorflow/core/lib/strings/ordered_code.cc
 */
export function sliceKey(name: Uint8Array, slice: TensorSlice): Uint8Array {
  const key = [0];
  for (const byte of name) {
    key.push(byte);
    // So that the two bytes after the name occur in no name. 0xff needs the same, but is never in UTF-8.
    if (byte === 0) key.push(0xff);
  }
  key.push(0, 1, 1, slice.length);
  for (const { start, length = -1 } of slice) key.push(...orderedBytes(start), ...orderedBytes(length));
  return Uint8Array.from(key);
}

/** A whole number, -1 or greater; the first bits say how many bytes it takes. */
function orderedBytes(value: number): number[] {
  if (value < 64) return [(value & 0xff) ^ 0x80];
  let count = 2;
  while (value >= 2 ** (7 * count - 1)) count++;
  const bytes = Array.from({ length: count }, (_, i) => Math.floor(value / 2 ** (8 * (count - 1 - i))) % 256);
  bytes[0]! ^= (0xff << (8 - count)) & 0xff;
  return bytes;
}
