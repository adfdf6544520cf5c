/** Bytes in the making: nested, so that putting pieces together copies nothing until the end. */
export type Code = number | readonly Code[] | VectorConstant;

/** Sixteen bytes to be had as a v128; the function around decides how. */
export interface VectorConstant {
  readonly vector: readonly number[];
}

/** Unsigned LEB128 (WebAssembly core specification, 5.2.2). */
export function unsigned(value: number): Code {
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

/** The four bytes of a float32, lowest first. */
export const float = (value: number): Code => [...new Uint8Array(Float32Array.of(value).buffer)];

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

/** All the numbers, in order; `constant` says what stands for a vector constant. */
export function flatten(code: Code, constant: (value: VectorConstant) => Code = inline): number[] {
  const bytes: number[] = [];
  const append = (part: Code): void => {
    if (typeof part === "number") bytes.push(part);
    else if ("vector" in part) append(constant(part));
    else for (const piece of part) append(piece);
  };
  append(code);
  return bytes;
}

/** The instruction v128.const. */
export const inline = ({ vector }: VectorConstant): Code => [0xfd, 0x0c, vector];
