import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compareBytes } from "./block.js";
import { rowsOf, sliceKey } from "./tensor-slices.js";

describe("a slice of a tensor", () => {
  test("is rows where it has all of the other axes, said or not", () => {
    expect(rowsOf([{ start: 2, length: 3 }, { start: 0 }], [9, 4])).toEqual([2, 5]);
    expect(
      rowsOf(
        [
          { start: 2, length: 3 },
          { start: 0, length: 4 },
        ],
        [9, 4],
      ),
    ).toEqual([2, 5]);
    expect(rowsOf([{ start: 0 }, { start: 0 }], [9, 4])).toEqual([0, 9]);
    expect(rowsOf([{ start: 0 }, { start: 1, length: 3 }], [9, 4])).toBeUndefined();
    expect(rowsOf([{ start: 0 }, { start: 0, length: 3 }], [9, 4])).toBeUndefined();
    expect(rowsOf([{ start: 0 }], [9, 4])).toBeUndefined();
    expect(rowsOf([], [])).toBeUndefined();
  });

  // Bytes that TensorFlow's OrderedCode gives.
  test.each<[start: number, bytes: number[]]>([
    [0, [0x80]],
    [63, [0xbf]],
    [64, [0xc0, 0x40]],
    [200, [0xc0, 0xc8]],
    [8191, [0xdf, 0xff]],
    [8192, [0xe0, 0x20, 0x00]],
    [2 ** 20, [0xf0, 0x10, 0x00, 0x00]],
    [2 ** 53 - 1, [0xff, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])("that starts at %d has the key of TensorFlow", (start, bytes) => {
    const key = sliceKey(Uint8Array.of(0x77, 0), [{ start }]);
    expect([...key]).toEqual([0, 0x77, 0, 0xff, 0, 1, 1, 1, ...bytes, 0x7f]);
  });

  test("has a key in the order of where it starts", () => {
    const start = fc.oneof(fc.nat(300), fc.maxSafeNat());
    fc.assert(
      fc.property(start, start, (left, right) => {
        const keyOf = (from: number) => sliceKey(Uint8Array.of(0x77), [{ start: from }]);
        expect(Math.sign(compareBytes(keyOf(left), keyOf(right)))).toBe(Math.sign(left - right));
      }),
    );
  });
});
