import type { ParquetParsers, SchemaElement, SchemaTree } from "hyparquet";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { isListLike, isMapLike } from "hyparquet/src/schema.js";
import type { Cell, CellObject, ColumnType } from "../../rows/row.js";
import { parseJson } from "../parse-json.js";

/** What the cells of a column are. */
export function columnTypeOf({ children, element }: SchemaTree): ColumnType {
  if (children.length > 0 || element.repetition_type === "REPEATED") return "json";
  const { converted_type: converted, logical_type: logical, type } = element;
  if (isDecimal(element)) return isExact(element) ? "number" : "string";
  if (isTime(element)) return "string";
  if (converted === "JSON" || logical?.type === "JSON" || logical?.type === "NULL") return "json";
  if (converted === "DATE" || converted?.startsWith("TIMESTAMP") || logical?.type === "TIMESTAMP") return "timestamp";
  if (type === "INT96") return "timestamp";
  if (type === "BOOLEAN") return "boolean";
  if (type === "FLOAT" || type === "DOUBLE" || logical?.type === "FLOAT16") return "number";
  return type === "INT32" || type === "INT64" ? "integer" : "string";
}

/** Makes cells of what is decoded with {@link cellParsers} and {@link decodedElement}. */
export function cellReader(node: SchemaTree): (value: unknown) => Cell {
  const read = valueReader(node);
  const readAny = (value: unknown): Cell => {
    if (value === null || value === undefined) return null;
    return isList(value) ? Array.from(value, readAny) : read(value);
  };
  return readAny;
}

/** Texts keep a byte order mark, and JSON the digits of its whole numbers. */
export const cellParsers: ParquetParsers = {
  ...DEFAULT_PARSERS,
  stringFromBytes: utf8,
  jsonFromBytes: (bytes: Uint8Array) => parseJson(utf8(bytes)),
};

/** An element as the decoder is to see it: decimals stay whole numbers, whose digits are all right. */
export function decodedElement(element: SchemaElement): SchemaElement {
  if (!isDecimal(element)) return element;
  const { converted_type, logical_type, ...plain } = element;
  return plain;
}

function valueReader(node: SchemaTree): (value: unknown) => Cell {
  const { element, children } = node;
  if (children.length === 0) return leafReader(element);
  if (element.logical_type?.type === "VARIANT") return plainCell;
  const [inner] = children as [SchemaTree];
  // Lists come without the groups that wrap their items; cellReader goes through them.
  if (isListLike(node)) return cellReader(inner.children.length === 1 ? (inner.children[0] as SchemaTree) : inner);
  if (isMapLike(node)) {
    const readValue = cellReader(inner.children[1] as SchemaTree);
    return (value) => mapped(value, () => readValue);
  }
  const readers = new Map(children.map((child) => [child.element.name, cellReader(child)]));
  return (value) => mapped(value, (name) => readers.get(name) ?? plainCell);
}

function leafReader(element: SchemaElement): (value: unknown) => Cell {
  if (isDecimal(element)) return decimalReader(element);
  if (isTime(element)) return timeReader(element);
  if (element.type !== "BYTE_ARRAY") return plainCell;
  return (value) => (value instanceof Uint8Array ? utf8(value) : plainCell(value));
}

function mapped(value: unknown, readerOf: (name: string) => (value: unknown) => Cell): CellObject {
  return Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, readerOf(name)(item)]));
}

/** A value whose own type says all. Bytes become base64, as JSON has no bytes. */
function plainCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (isList(value)) return Array.from(value, plainCell);
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value === "object") return mapped(value, () => plainCell);
  return value as string | number | boolean;
}

function isList(value: unknown): value is ArrayLike<unknown> & Iterable<unknown> {
  return (
    Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof Uint8Array) && Symbol.iterator in value)
  );
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

function isDecimal({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === "DECIMAL" || logical_type?.type === "DECIMAL";
}

/** Whether a number can have all digits of a decimal. */
function isExact({ precision = 0, logical_type }: SchemaElement): boolean {
  return (logical_type?.type === "DECIMAL" ? logical_type.precision : precision) <= 15;
}

function decimalReader(element: SchemaElement): (value: unknown) => Cell {
  const { logical_type: logical } = element;
  const scale = (logical?.type === "DECIMAL" ? logical.scale : element.scale) ?? 0;
  return (value) => {
    const text = decimalText(value instanceof Uint8Array ? signedInteger(value) : BigInt(value as number), scale);
    return isExact(element) ? Number(text) : text;
  };
}

function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Two's complement, the highest byte first. */
function signedInteger(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString("hex")}`));
}

function isTime({ converted_type, logical_type }: SchemaElement): boolean {
  return logical_type?.type === "TIME" || converted_type === "TIME_MILLIS" || converted_type === "TIME_MICROS";
}

/** Times of day as ISO 8601 has them, with as many digits as their unit: 23:59:59.999999. */
function timeReader({ converted_type, logical_type }: SchemaElement): (value: unknown) => Cell {
  const unit =
    logical_type?.type === "TIME" ? logical_type.unit : converted_type === "TIME_MILLIS" ? "MILLIS" : "MICROS";
  const digits = { MILLIS: 3, MICROS: 6, NANOS: 9 }[unit];
  return (value) => {
    const units = BigInt(value as number);
    const perSecond = 10n ** BigInt(digits);
    const seconds = units / perSecond;
    const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => String(part).padStart(2, "0"));
    return `${parts.join(":")}.${String(units % perSecond).padStart(digits, "0")}`;
  };
}
