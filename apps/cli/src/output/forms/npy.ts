import { type ElementCodec, littleEndian } from "../elements.js";
import type { ElementType } from "../output-form.js";
import { noBytes, type VectorEncoder } from "./vector-encoder.js";

/** NumPy's file of an array [rows, width]. */
export function npyEncoder({ type, width }: ElementCodec): VectorEncoder {
  return { ...rawEncoder(), header: (rows) => npyHeader(descriptions[type], rows, width) };
}

/** The elements alone, row after row. */
export function rawEncoder(): VectorEncoder {
  return {
    start: () => noBytes,
    append: (_row, elements) => littleEndian(elements),
    finish: () => noBytes,
    state: () => undefined,
  };
}

/** Bytes of the header, a multiple of 64; with room for any number of rows and columns. */
export const npyHeaderLength = 128;

/** Of NumPy's format, version 1.0, in C order. Spaces keep its length, so that rows can change. */
function npyHeader(description: string, rows: number, width: number): Uint8Array {
  const header = Buffer.alloc(npyHeaderLength, " ", "latin1");
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(npyHeaderLength - 10, 8);
  header.write(`{'descr': '${description}', 'fortran_order': False, 'shape': (${rows}, ${width}), }`, 10, "latin1");
  header.write("\n", npyHeaderLength - 1, "latin1");
  return header;
}

const descriptions: Readonly<Record<ElementType, string>> = {
  float32: "<f4",
  float16: "<f2",
  int8: "|i1",
  uint8: "|u1",
  binary: "|i1",
  ubinary: "|u1",
};
