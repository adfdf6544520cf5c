import type { Values } from "./checkpoint-source.js";

/** The element types that can be both read and written. */
export type ReadableDType =
  | "float64"
  | "float32"
  | "float16"
  | "bfloat16"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint64"
  | "uint32"
  | "uint16"
  | "uint8"
  | "bool";

/** Every element type that a checkpoint may hold; those that are not a {@link ReadableDType} are only listed. */
export type StoredDType =
  | ReadableDType
  | "complex64"
  | "float8_e5m2"
  | "float8_e4m3"
  | "float8_e8m0"
  | "float8_e5m2fnuz"
  | "float8_e4m3fnuz"
  | "float6_e2m3"
  | "float6_e3m2"
  | "float4";

/** How an element type is laid out: the bytes of an element and whether it holds a float or an integer. */
export interface ElementLayout {
  readonly bytes: number;
  readonly kind: "float" | "integer";
}

/** The layouts of the types that are read and written. */
export const layouts: Readonly<Record<ReadableDType, ElementLayout>> = {
  float64: { bytes: 8, kind: "float" },
  float32: { bytes: 4, kind: "float" },
  float16: { bytes: 2, kind: "float" },
  bfloat16: { bytes: 2, kind: "float" },
  int64: { bytes: 8, kind: "integer" },
  int32: { bytes: 4, kind: "integer" },
  int16: { bytes: 2, kind: "integer" },
  int8: { bytes: 1, kind: "integer" },
  uint64: { bytes: 8, kind: "integer" },
  uint32: { bytes: 4, kind: "integer" },
  uint16: { bytes: 2, kind: "integer" },
  uint8: { bytes: 1, kind: "integer" },
  bool: { bytes: 1, kind: "integer" },
};

/** Whether memory is of a kind that the elements of a type are read into and written from. */
export function holds(dtype: ReadableDType, values: Values): boolean {
  if (layouts[dtype].kind === "float") return values instanceof Float32Array || values instanceof Float64Array;
  return values instanceof Int32Array || (dtype === "int8" && values instanceof Int8Array);
}

/** What `holds` wants, for messages. */
export function memoryOf(dtype: ReadableDType): string {
  if (layouts[dtype].kind === "float") return "a Float32Array or Float64Array";
  return dtype === "int8" ? "an Int8Array or Int32Array" : "an Int32Array";
}

/** Whether an element type is one that can be read and written. */
export function isReadable(dtype: string): dtype is ReadableDType {
  return Object.hasOwn(layouts, dtype);
}
