import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { structEnd } from "./thrift.js";

const endOf = (...bytes: readonly number[]): number | undefined => structEnd(Uint8Array.from(bytes), 0);

describe("structEnd", () => {
  test("goes past fields of every type", () => {
    expect(endOf(0)).toBe(1);
    expect(endOf(0x11, 0x12, 0)).toBe(3); // two booleans, which are in their types
    expect(endOf(0x13, 9, 0)).toBe(3); // a byte
    expect(endOf(0x15, 0x80, 1, 0)).toBe(4); // an integer of two bytes
    expect(endOf(0x17, 1, 2, 3, 4, 5, 6, 7, 8, 0)).toBe(10); // a double
    expect(endOf(0x18, 2, 65, 66, 0)).toBe(5); // bytes
    expect(endOf(0x19, 0x25, 1, 2, 0)).toBe(5); // a list of two integers
    expect(endOf(0x19, 0x21, 1, 2, 0)).toBe(5); // a list of two booleans, which are bytes there
    expect(endOf(0x19, 0xf5, 1, 7, 0)).toBe(5); // a list whose length stands by itself
    expect(endOf(0x1c, 0x13, 9, 0, 0)).toBe(5); // a struct
    expect(endOf(0x03, 40, 9, 0)).toBe(4); // a field whose number stands by itself
  });

  test("starts where it is told, and leaves what follows", () => {
    expect(structEnd(Uint8Array.of(9, 9, 0, 9), 2)).toBe(3);
  });

  test.each([
    [[]],
    [[0x13]],
    [[0x15, 0x80]],
    [[0x18, 5, 1]],
    [[0x19]],
    [[0x1c, 0]],
    [[0x19, 0xf5, 0xff, 0xff, 0x7f, 1]],
  ])("%j ends too early", (bytes) => {
    expect(endOf(...bytes)).toBeUndefined();
  });

  test("a list cannot claim more items than there are bytes", () => {
    expect(endOf(0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f, ...new Array<number>(100).fill(0))).toBeUndefined();
  });

  test.each([
    ["a type that nothing has", [0x1f, 0]],
    ["a number without end", [0x15, ...new Array<number>(20).fill(0x80)]],
    ["structs in structs without end", new Array<number>(100).fill(0x1c)],
    ["lists in lists without end", [0x19, ...new Array<number>(100).fill(0x19)]],
    ["millions of structs", [0x19, 0xfc, 0xff, 0xff, 0xff, 0x01, ...new Array<number>(2 ** 22).fill(0)]],
  ])("refuses %s", (_what, bytes) => {
    expect(() => structEnd(Uint8Array.from(bytes), 0)).toThrow(/^it has|^its structs/);
  });

  test("ends for any bytes, and not behind them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(structEnd(bytes, 0) ?? 0).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(String(error)).toMatch(/^Error: it has|^Error: its structs/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
