import { describe, expect, test } from "@jest/globals";
import type { SchemaElement, SchemaTree } from "hyparquet";
import { cellReader, columnTypeOf, decodedElement } from "./parquet-cells.js";

const node = (element: Partial<SchemaElement>, children: SchemaTree[] = []): SchemaTree => ({
  element: { name: "a", ...element },
  children,
  count: 1,
  path: [],
});

const decimal = (precision: number, scale: number): SchemaTree =>
  node({ type: "FIXED_LEN_BYTE_ARRAY", converted_type: "DECIMAL", precision, scale });

describe("columnTypeOf", () => {
  test.each<[Partial<SchemaElement>, string]>([
    [{ type: "BYTE_ARRAY", converted_type: "UTF8" }, "string"],
    [{ type: "BYTE_ARRAY" }, "string"],
    [{ type: "BYTE_ARRAY", converted_type: "JSON" }, "json"],
    [{ type: "BOOLEAN" }, "boolean"],
    [{ type: "INT32" }, "integer"],
    [{ type: "INT64" }, "integer"],
    [{ type: "INT32", converted_type: "DATE" }, "timestamp"],
    [{ type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "NANOS" } }, "timestamp"],
    [{ type: "INT96" }, "timestamp"],
    [{ type: "INT32", converted_type: "TIME_MILLIS" }, "string"],
    [{ type: "FLOAT" }, "number"],
    [{ type: "FIXED_LEN_BYTE_ARRAY", logical_type: { type: "FLOAT16" } }, "number"],
    [{ type: "FIXED_LEN_BYTE_ARRAY", logical_type: { type: "UUID" } }, "string"],
    [{ type: "INT64", converted_type: "DECIMAL", precision: 15, scale: 2 }, "number"],
    [{ type: "INT64", converted_type: "DECIMAL", precision: 16, scale: 2 }, "string"],
    [{ type: "INT32", repetition_type: "REPEATED" }, "json"],
    [{ type: "INT32", logical_type: { type: "NULL" } }, "json"],
  ])("of %j is %s", (element, type) => {
    expect(columnTypeOf(node(element))).toBe(type);
  });
});

describe("cellReader", () => {
  test("decimals have the digits that they have", () => {
    expect(cellReader(decimal(9, 2))(115)).toBe(1.15);
    expect(cellReader(decimal(9, 2))(-1n)).toBe(-0.01);
    expect(cellReader(decimal(9, 0))(7)).toBe(7);
    expect(cellReader(decimal(30, 2))(Uint8Array.of(0x04, 0xd2))).toBe("12.34");
    expect(cellReader(decimal(30, 2))(Uint8Array.of(0xff, 0xff))).toBe("-0.01");
    expect(cellReader(decimal(30, 3))(1234567890123456789012n)).toBe("1234567890123456789.012");
    expect(cellReader(decimal(30, 2))(null)).toBeNull();
  });

  test("the decoder sees decimals as whole numbers, and the rest as it is", () => {
    expect(decodedElement(decimal(9, 2).element)).not.toHaveProperty("converted_type");
    const text: SchemaElement = { name: "a", type: "BYTE_ARRAY", converted_type: "UTF8" };
    expect(decodedElement(text)).toBe(text);
  });

  test("times of day are written as such", () => {
    const micros = node({ type: "INT64", logical_type: { type: "TIME", isAdjustedToUTC: true, unit: "MICROS" } });
    expect(cellReader(micros)(86_399_999_999n)).toBe("23:59:59.999999");
    expect(cellReader(node({ type: "INT32", converted_type: "TIME_MILLIS" }))(3_723_004)).toBe("01:02:03.004");
  });

  test("whole numbers are bigints only where a number would round them", () => {
    const read = cellReader(node({ type: "INT64" }));
    expect([read(7n), read(2n ** 53n), read(-(2n ** 60n))]).toEqual([7, 2n ** 53n, -(2n ** 60n)]);
  });

  test("bytes are text where they may be, and base64 where their length is fixed", () => {
    expect(cellReader(node({ type: "BYTE_ARRAY" }))(Buffer.from("é"))).toBe("é");
    expect(cellReader(node({ type: "FIXED_LEN_BYTE_ARRAY" }))(Uint8Array.of(255, 0))).toBe("/wA=");
  });

  test("a time that no calendar has is null", () => {
    expect(cellReader(node({ type: "INT64" }))(new Date(Number.NaN))).toBeNull();
  });

  test("reads what is nested by its schema", () => {
    const items = node({ name: "list", repetition_type: "REPEATED" }, [decimal(30, 1)]);
    const list = node({ converted_type: "LIST" }, [items]);
    expect(cellReader(list)([[15n], null, []])).toEqual([["1.5"], null, []]);
    const struct = node({}, [node({ name: "x", type: "INT64" }), node({ ...list.element, name: "y" }, [items])]);
    expect(cellReader(struct)({ x: 1n, y: [25n] })).toEqual({ x: 1, y: ["2.5"] });
    const pair = node({ name: "key_value", repetition_type: "REPEATED" }, [
      node({ name: "key", type: "BYTE_ARRAY" }),
      node({ name: "value", type: "INT64" }),
    ]);
    expect(cellReader(node({ converted_type: "MAP" }, [pair]))({ a: 1n, b: null })).toEqual({ a: 1, b: null });
  });
});
