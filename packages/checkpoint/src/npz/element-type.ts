import type { ReadableDType } from "../stored-dtype.js";
import type { PythonLiteral } from "./python-literal.js";

/** What the elements of a NumPy array are. */
export interface ElementType {
  /** A `ReadableDType` where they can be read; else what NumPy calls them. */
  readonly dtype: string;
  readonly isBigEndian: boolean;
}

const readable: ReadonlyMap<string, ReadableDType> = new Map([
  ["f2", "float16"],
  ["f4", "float32"],
  ["f8", "float64"],
  ["i1", "int8"],
  ["i2", "int16"],
  ["i4", "int32"],
  ["i8", "int64"],
  ["u1", "uint8"],
  ["u2", "uint16"],
  ["u4", "uint32"],
  ["u8", "uint64"],
  ["b1", "bool"],
]);

const listed: ReadonlyMap<string, string> = new Map([
  ["c", "complex"],
  ["f", "float"],
  ["M", "datetime64"],
  ["m", "timedelta64"],
  ["S", "bytes"],
  ["a", "bytes"],
  ["U", "string"],
  ["V", "void"],
  ["O", "object"],
]);

/**
 * Reads a `descr`, such as `'<f4'`; a list describes a structure. Undefined for what is no description of a type.
 *
 * Format: https://numpy.org/doc/stable/reference/arrays.interface.html#arrays-interface
 */
export function readElementType(description: PythonLiteral | undefined): ElementType | undefined {
  if (Array.isArray(description)) return { dtype: "structure", isBigEndian: false };
  if (typeof description !== "string") return undefined;
  const [, order, kind, size] = /^([<>|=])([A-Za-z])(\d{0,9})(?:\[\w+\])?$/.exec(description) ?? [];
  if (order === undefined || kind === undefined || size === undefined) return undefined;
  const dtype = readable.get(kind + size) ?? listedName(kind, Number(size));
  return dtype === undefined ? undefined : { dtype, isBigEndian: order === ">" };
}

function listedName(kind: string, bytes: number): string | undefined {
  const name = listed.get(kind);
  return kind === "c" || kind === "f" ? `${name}${bytes * 8}` : name;
}
