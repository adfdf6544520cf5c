import type { StoredDType } from "../stored-dtype.js";

/** An element type as safetensors spells it. */
export interface Spelling {
  readonly dtype: StoredDType;
  readonly bits: number;
}

/**
 * The element types of safetensors 0.8, in the library's order: a writer sorts arrays by it, last first, so that wide
 * elements come first and everything is aligned.
 */
export const spellings: ReadonlyMap<string, Spelling> = new Map([
  ["BOOL", { dtype: "bool", bits: 8 }],
  ["F4", { dtype: "float4", bits: 4 }],
  ["F6_E2M3", { dtype: "float6_e2m3", bits: 6 }],
  ["F6_E3M2", { dtype: "float6_e3m2", bits: 6 }],
  ["U8", { dtype: "uint8", bits: 8 }],
  ["I8", { dtype: "int8", bits: 8 }],
  ["F8_E5M2", { dtype: "float8_e5m2", bits: 8 }],
  ["F8_E4M3", { dtype: "float8_e4m3", bits: 8 }],
  ["F8_E8M0", { dtype: "float8_e8m0", bits: 8 }],
  ["F8_E4M3FNUZ", { dtype: "float8_e4m3fnuz", bits: 8 }],
  ["F8_E5M2FNUZ", { dtype: "float8_e5m2fnuz", bits: 8 }],
  ["I16", { dtype: "int16", bits: 16 }],
  ["U16", { dtype: "uint16", bits: 16 }],
  ["F16", { dtype: "float16", bits: 16 }],
  ["BF16", { dtype: "bfloat16", bits: 16 }],
  ["I32", { dtype: "int32", bits: 32 }],
  ["U32", { dtype: "uint32", bits: 32 }],
  ["F32", { dtype: "float32", bits: 32 }],
  ["C64", { dtype: "complex64", bits: 64 }],
  ["F64", { dtype: "float64", bits: 64 }],
  ["I64", { dtype: "int64", bits: 64 }],
  ["U64", { dtype: "uint64", bits: 64 }],
]);

/** Of a header: the library's limit, and ours for reading and writing. */
export const largestHeader = 100_000_000;

/** Of an array: the limit of NumPy and PyTorch. */
export const mostAxes = 64;
