/** Bytes in the making: nested, so that putting pieces together copies nothing until the end. */
export type Code = number | readonly Code[] | Uint8Array | VectorConstant;

/** A v128 to be had, as four 32-bit integers; the function around decides how. */
export interface VectorConstant {
  readonly lanes: readonly [number, number, number, number];
}

/** Unsigned LEB128 (WebAssembly core specification, 5.2.2). */
export function unsigned(value: number): Code {
  if (value >= 0 && value < 128) return value;
  const bytes: number[] = [];
  let rest = value >>> 0;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

/** Signed LEB128 of a 32-bit integer. */
export function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value | 0;
  // Six bits and the sign must fit the last byte.
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 127) | 128);
    rest >>= 7;
  }
  bytes.push(rest & 127);
  return bytes;
}

const oneFloat = new Float32Array(1);
const sameBits = new Int32Array(oneFloat.buffer);

/** The bits of a float32, as an integer. */
export function bitsOf(value: number): number {
  oneFloat[0] = value;
  return sameBits[0]!;
}

/** The four bytes of a 32-bit integer, lowest first. */
export const bytesOf = (bits: number): Code => [bits & 255, (bits >> 8) & 255, (bits >> 16) & 255, bits >>> 24];

/** A length, then the items. */
export const vector = (items: readonly Code[]): Code => [unsigned(items.length), items];

/** A length, then the characters; names here are ASCII. */
export const text = (name: string): Code => vector([...name].map((character) => character.charCodeAt(0)));

/** A length in bytes, then the content. */
export function sized(content: Code): Code {
  const bytes = flatten(content);
  return [unsigned(bytes.length), bytes];
}

export const section = (id: number, content: Code): Code => [id, sized(content)];

/** All the bytes, in order; `constant` says what stands for a vector constant. */
export function flatten(code: Code, constant: (value: VectorConstant) => Code = inline): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(1024);
  let length = 0;
  const reserve = (count: number): void => {
    if (length + count <= bytes.length) return;
    const larger = new Uint8Array(2 * (length + count));
    larger.set(bytes);
    bytes = larger;
  };
  const append = (part: Code): void => {
    if (typeof part === "number") {
      reserve(1);
      bytes[length++] = part;
    } else if (Array.isArray(part)) {
      for (let i = 0; i < part.length; i++) append(part[i]);
    } else if (part instanceof Uint8Array) {
      reserve(part.length);
      bytes.set(part, length);
      length += part.length;
    } else {
      append(constant(part as VectorConstant));
    }
  };
  append(code);
  return bytes.slice(0, length);
}

/** As the instruction v128.const. */
export const inline = ({ lanes }: VectorConstant): Code => [0xfd, 0x0c, lanes.map(bytesOf)];
