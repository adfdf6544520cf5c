import type { SchemaElement } from "hyparquet";
import type { ElementCodec, Elements } from "../elements.js";
import type { ElementType } from "../output-form.js";

/** The vectors of a row group, end to end, as Parquet's writer takes them. */
export interface VectorValues {
  /** Puts the vector of a row in its place. */
  set(row: number, elements: Elements): void;
  /** The elements of the first so many rows. */
  first(rows: number): Float32Array | Int32Array | Uint8Array[];
}

/** How an element of a list is written: as a type that the format has, and never absent. */
export function elementSchema(type: ElementType): SchemaElement {
  return { name: "element", repetition_type: "REQUIRED", ...physicalTypes[type] };
}

/** Room for the vectors of so many rows. */
export function vectorValues({ type, width }: ElementCodec, rows: number): VectorValues {
  if (type === "float16") return float16Values(width, rows);
  const values = type === "float32" ? new Float32Array(rows * width) : new Int32Array(rows * width);
  return {
    set: (row, elements) => values.set(elements, row * width),
    first: (count) => values.subarray(0, count * width),
  };
}

/** The writer takes each float16 as two bytes. Of equal ones it gets the same two, so that a vector makes no garbage. */
function float16Values(width: number, rows: number): VectorValues {
  const values = new Array<Uint8Array>(rows * width);
  const known = new Array<Uint8Array | undefined>(2 ** 16);
  const bytesOf = (bits: number): Uint8Array => {
    known[bits] ??= Uint8Array.of(bits & 0xff, bits >>> 8);
    return known[bits];
  };
  return {
    set: (row, elements) => {
      for (let i = 0; i < width; i++) values[row * width + i] = bytesOf(elements[i] as number);
    },
    first: (count) => values.slice(0, count * width),
  };
}

const physicalTypes: Readonly<Record<ElementType, Omit<SchemaElement, "name">>> = {
  float32: { type: "FLOAT" },
  float16: { type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" } },
  int8: { type: "INT32", converted_type: "INT_8" },
  uint8: { type: "INT32", converted_type: "UINT_8" },
  binary: { type: "INT32", converted_type: "INT_8" },
  ubinary: { type: "INT32", converted_type: "UINT_8" },
};
