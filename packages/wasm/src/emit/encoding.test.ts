import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { flatten, signed, sized, text, unsigned, vector } from "./encoding.js";

test("numbers are encoded as in the LEB128 examples of the DWARF standard", () => {
  expect([...flatten(unsigned(624485))]).toEqual([0xe5, 0x8e, 0x26]);
  expect([...flatten(signed(-123456))]).toEqual([0xc0, 0xbb, 0x78]);
});

test("any 32-bit number can be read back", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (n) => decode(flatten(unsigned(n))) >>> 0 === n));
  fc.assert(
    fc.property(fc.integer(), (n) => {
      const bytes = flatten(signed(n));
      const bits = 7 * bytes.length;
      const raw = decode(bytes);
      return (bits < 32 ? (raw << (32 - bits)) >> (32 - bits) : raw | 0) === n;
    }),
  );
});

test("nested code comes out in order, with its lengths in front", () => {
  expect([...flatten(vector([[1, [2]], 3]))]).toEqual([2, 1, 2, 3]);
  expect([...flatten(sized([[1, [2]], 3]))]).toEqual([3, 1, 2, 3]);
  expect([...flatten(text("env"))]).toEqual([3, 101, 110, 118]);
});

function decode(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte, index) => sum | ((byte & 127) << (7 * index)), 0);
}
