import { endianness } from "node:os";
import type { VectorRanges } from "bertkit";
import type { ElementType } from "./output-form.js";

/** A vector as it is written: of float16 the bits. */
export type Elements = Float32Array | Uint16Array | Int8Array | Uint8Array;

/** What a type of elements makes of vectors. */
export interface ElementCodec {
  readonly type: ElementType;
  /** Elements of a vector: as many as it has numbers, but of binary types one for each eight. */
  readonly width: number;
  /** [numbers] → [width] */
  readonly convert: (vector: Float32Array) => Elements;
  /** The numbers that the elements stand for. */
  readonly numbers: (elements: Elements) => Elements;
}

/** Whether an element depends on the vectors of all rows, so that they must be there before the first is written. */
export function needsRanges(type: ElementType): boolean {
  return type === "int8" || type === "uint8";
}

/** The codec of a type for vectors of so many numbers; those that need ranges get them. */
export async function openCodec(type: ElementType, numbers: number, ranges?: VectorRanges): Promise<ElementCodec> {
  const width = type === "binary" || type === "ubinary" ? Math.ceil(numbers / 8) : numbers;
  if (type === "float32") return { type, width, convert: same, numbers: same };
  const { emptyRanges, fromFloat16, packSigns, packSignsSigned, quantizeToInt8, quantizeToUint8, toFloat16 } =
    await import("bertkit");
  if (type === "float16") {
    const fromBits = (elements: Elements) => (elements instanceof Uint16Array ? fromFloat16(elements) : elements);
    return { type, width, convert: toFloat16, numbers: fromBits };
  }
  const known = ranges ?? emptyRanges(numbers);
  const convert = {
    int8: (vector: Float32Array) => quantizeToInt8(vector, known),
    uint8: (vector: Float32Array) => quantizeToUint8(vector, known),
    binary: packSignsSigned,
    ubinary: packSigns,
  }[type];
  return { type, width, convert, numbers: same };
}

/** The elements' bytes, little-endian; shares their memory where it can. */
export function littleEndian(elements: Elements): Uint8Array {
  const bytes = Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength);
  if (elements.BYTES_PER_ELEMENT === 1 || endianness() === "LE") return bytes;
  return elements.BYTES_PER_ELEMENT === 2 ? Buffer.from(bytes).swap16() : Buffer.from(bytes).swap32();
}

/** The float32 that such bytes are. */
export function float32Of(bytes: Uint8Array): Float32Array {
  const copy = new Uint8Array(bytes);
  if (endianness() === "BE") Buffer.from(copy.buffer).swap32();
  return new Float32Array(copy.buffer);
}

function same<T>(value: T): T {
  return value;
}
