import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compressSnappy } from "../fixtures/compress-snappy.js";
import { decompressSnappy } from "./snappy.js";

const most = 2 ** 20;
const letters = (text: string) => [...new TextEncoder().encode(text)];
const decompress = (bytes: readonly number[]) =>
  new TextDecoder().decode(decompressSnappy(Uint8Array.from(bytes), most, "block"));

describe("decompressSnappy", () => {
  test("reads literals of every length of length", () => {
    expect(decompress([3, 2 << 2, ...letters("abc")])).toBe("abc");
    const long = "x".repeat(300);
    expect(decompress([0xac, 2, 60 << 2, 255, ...letters("x".repeat(256)), 43 << 2, ...letters("x".repeat(44))])).toBe(
      long,
    );
    expect(decompress([0xac, 2, 61 << 2, 43, 1, ...letters(long)])).toBe(long);
    expect(decompress([3, 62 << 2, 2, 0, 0, ...letters("abc")])).toBe("abc");
    expect(decompress([3, 63 << 2, 2, 0, 0, 0, ...letters("abc")])).toBe("abc");
  });

  test("reads copies of each kind, also such that begin in what they write", () => {
    const ab = [1 << 2, ...letters("ab")];
    expect(decompress([6, ...ab, 0b001, 2])).toBe("ababab");
    expect(decompress([5, ...ab, (2 << 2) | 2, 1, 0])).toBe("abbbb");
    expect(decompress([4, ...ab, (1 << 2) | 3, 2, 0, 0, 0])).toBe("abab");
    const filler = "-".repeat(298);
    const far = [0xb0, 2, 61 << 2, 43, 1, ...letters(`wxyz${filler.slice(2)}`), 0b00100001, 44];
    expect(decompress(far)).toBe(`wxyz${filler.slice(2)}wxyz`);
  });

  test("undoes what a compressor did", () => {
    const repetitive = fc.array(fc.constantFrom(1, 2), { maxLength: 300 }).map((bytes) => Uint8Array.from(bytes));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), repetitive), (bytes) => {
        expect(decompressSnappy(compressSnappy(bytes), most, "block")).toEqual(bytes);
      }),
    );
  });

  test.each<[string, number[], string]>([
    ["has no length", [], "1 bytes should follow, but 0 do"],
    ["has an endless length", Array<number>(12).fill(0xff), "an impossibly large number"],
    ["promises more than its bytes can become", [0xff, 1, 0], "3 compressed bytes cannot become 255"],
    ["has less than it promises", [2, 0, 97], "1 bytes, not the 2 that it promises"],
    ["has more than it promises", [1, 1 << 2, 97, 97], "more than the 1 bytes that it promises"],
    ["copies more than it promises", [2, 0, 97, 0b001, 1], "more than the 2 bytes"],
    ["ends inside a literal", [3, 2 << 2, 97], "3 bytes should follow, but 1 do"],
    ["ends inside a copy", [5, 0, 97, (3 << 2) | 2, 1], "2 bytes should follow, but 1 do"],
    ["copies from before its beginning", [5, 0, 97, 0b001, 2], "a copy from 2 bytes back, where there are 1"],
    ["copies from nowhere", [5, 0, 97, 0b001, 0], "a copy from 0 bytes back"],
  ])("refuses a block that %s", (_, bytes, message) => {
    expect(() => decompress(bytes)).toThrow(
      expect.objectContaining({ code: "malformed", message: expect.stringContaining(`block: `) }),
    );
    expect(() => decompress(bytes)).toThrow(message);
  });

  test("refuses a block that would become larger than allowed, before it takes memory", () => {
    const bytes = compressSnappy(new Uint8Array(1000));
    expect(() => decompressSnappy(bytes, 999, "block")).toThrow("it would have 1000 bytes, where at most 999 are read");
  });

  test("takes any bytes for a block or for none, and never fails otherwise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(decompressSnappy(bytes, most, "block").length).toBeLessThan(2 ** 10);
        } catch (error) {
          expect(error).toMatchObject({ name: "CheckpointError" });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
