import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { tokenWindows } from "./token-windows.js";

describe("tokenWindows", () => {
  test("gives the spans by the stride, and each token to the window with the most on its shorter side", () => {
    expect(tokenWindows(9, { room: 5, stride: 2 })).toEqual({
      spans: [
        { first: 0, count: 5 },
        { first: 2, count: 5 },
        { first: 4, count: 5 },
      ],
      holders: Int32Array.of(0, 0, 0, 0, 1, 1, 2, 2, 2),
    });
  });

  test("of windows with equal context the longer one speaks for a token, else the first", () => {
    // Token 4 is at the edge of all three; the last window is shorter.
    expect(tokenWindows(6, { room: 4, stride: 3 }).holders).toEqual(Int32Array.of(0, 0, 0, 0, 1, 1));
    expect(tokenWindows(7, { room: 4, stride: 3 }).holders).toEqual(Int32Array.of(0, 0, 0, 0, 1, 1, 1));
  });

  test("what fits is one window, and no tokens are none", () => {
    expect(tokenWindows(4, { room: 4, stride: 1 }).spans).toEqual([{ first: 0, count: 4 }]);
    expect(tokenWindows(0, { room: 4, stride: 1 })).toEqual({ spans: [], holders: new Int32Array() });
  });

  test("whatever the sizes, every token is in the window that speaks for it", () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(fc.nat(200), size, size, (tokens, room, stride) => {
        const { spans, holders } = tokenWindows(tokens, { room, stride });
        expect(spans.every(({ count }) => count >= 1 && count <= room)).toBe(true);
        expect(holders).toHaveLength(tokens);
        for (const [token, holder] of holders.entries()) {
          const { first, count } = spans[holder]!;
          expect(token >= first && token < first + count).toBe(true);
        }
      }),
    );
  });

  test.each([
    [-1, { room: 1, stride: 1 }, "tokens: wanted a whole number of tokens, at least 0, not -1"],
    [3, { room: 0, stride: 1 }, "room: wanted a whole number of tokens, at least 1, not 0"],
    [3, { room: 2, stride: 0.5 }, "stride: wanted a whole number of tokens, at least 1, not 0.5"],
  ])("%j tokens by %j is an error", (tokens, options, message) => {
    expect(() => tokenWindows(tokens, options)).toThrow(expect.objectContaining({ code: "invalid_option", message }));
  });
});
