/** Bytes to be: a string has one byte a character, a number is one byte. */
export type Part = string | number | Uint8Array | readonly Part[];

/** All of these, one after another. */
export function assemble(...parts: readonly Part[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.map(bytesOf)));
}

function bytesOf(part: Part): Uint8Array {
  if (typeof part === "number") return Uint8Array.of(part);
  if (typeof part === "string") return Buffer.from(part, "latin1");
  return part instanceof Uint8Array ? part : Buffer.concat(part.map(bytesOf));
}

/** A number of so many bytes, the lowest first; what does not fit is cut off. */
export function little(value: number | bigint, bytes: number): Uint8Array {
  const whole = typeof value === "number" ? BigInt(Math.trunc(value)) : value;
  return Uint8Array.from({ length: bytes }, (_, i) => Number((whole >> BigInt(8 * i)) & 255n));
}

/** A number in groups of 7 bits, the lowest first. */
export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...bytes, Number(rest));
}

/** A text in UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Numbers in float32. */
export function floats(count: number): Uint8Array {
  return new Uint8Array(Float32Array.from({ length: count }, (_, i) => i / 8).buffer);
}
