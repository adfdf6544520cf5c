import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { crc32c, maskedChecksum } from "./crc32c.js";

describe("crc32c", () => {
  // RFC 3720, appendix B.4, and the check value of the CRC catalogue.
  test.each<[string, Uint8Array, number]>([
    ["nothing", new Uint8Array(0), 0],
    ["123456789", new TextEncoder().encode("123456789"), 0xe3069283],
    ["32 zeros", new Uint8Array(32), 0x8a9136aa],
    ["32 bytes of ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ["32 ascending bytes", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ["32 descending bytes", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])("of %s is the published one", (_, bytes, expected) => {
    expect(crc32c(bytes) >>> 0).toBe(expected);
  });

  test("is the same at once and in pieces, wherever the bytes lie", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), fc.nat(9), (bytes, cut, shift) => {
        const moved = new Uint8Array(shift + bytes.length);
        moved.set(bytes, shift);
        const whole = crc32c(moved.subarray(shift));
        expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(whole);
      }),
    );
  });

  test("is stored rotated and shifted", () => {
    expect(maskedChecksum(0)).toBe(0xa282ead8);
    // Of the 32 zeros: 0x8a9136aa rotated right by 15 is 0x6d551522.
    expect(maskedChecksum(0x8a9136aa)).toBe((0x6d551522 + 0xa282ead8) % 2 ** 32);
  });
});
