import { endianness } from "node:os";
import type { ElementType } from "./output-form.js";

/** A vector as it is written: of float16 the bits. */
export type Elements = Float32Array | Uint16Array | Int8Array | Uint8Array;

/** What a type of elements makes of vectors. */
export interface ElementCodec {
  readonly type: ElementType;
  /** Elements of a vector: its numbers, but of binary types one for each eight. */
  readonly width: number;
  /** [width of the model] → [width] */
  readonly convert: (vector: Float32Array) => Elements;
  /** The numbers that the elements stand for. */
  readonly numbers: (elements: Elements) => Exclude<Elements, Uint16Array>;
}

/** The codec of a type whose vectors are converted one by one, for a model whose vectors have `width` numbers. */
export async function openCodec(type: ElementType, width: number): Promise<ElementCodec> {
  void (await 0);
  return { type, width, convert: (vector) => vector, numbers: (elements) => elements as Float32Array };
}

/** The elements' bytes, little-endian; shares their memory where it can. */
export function littleEndian(elements: Elements): Uint8Array {
  const bytes = Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength);
  if (elements.BYTES_PER_ELEMENT === 1 || endianness() === "LE") return bytes;
  return elements.BYTES_PER_ELEMENT === 2 ? Buffer.from(bytes).swap16() : Buffer.from(bytes).swap32();
}
