import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { BertTokenizer } from "./bert-tokenizer.js";
import type { WindowOptions } from "./encode-options.js";
import type { Encoding } from "./encoding.js";
import { encodeWindows } from "./windows.js";

const letters = [..."abcdefghij"];
const vocabulary = ["[UNK]", "[CLS]", "[SEP]", ...letters, ...letters.map((letter) => `##${letter}`)].join("\n");
const tokenizer = BertTokenizer.fromVocabulary(vocabulary);

const windows = (text: string | readonly string[], options: WindowOptions): string[] =>
  [...encodeWindows(tokenizer, text, options)].map(({ tokens }) => tokens.slice(1, -1).join(" "));

describe("encodeWindows", () => {
  test("gives windows that share their stride, the last one as short as it comes", () => {
    expect(windows("a b c d e f g", { maxLength: 5 })).toEqual(["a b c", "d e f", "g"]);
    expect(windows("a b c d e f g", { maxLength: 5, stride: 1 })).toEqual(["a b c", "c d e", "e f g"]);
    expect(windows("a b", { maxLength: 5, stride: 1 })).toEqual(["a b"]);
    expect(windows("", { maxLength: 5 })).toEqual([""]);
  });

  test("begins with the end where that is kept", () => {
    expect(windows("a b c d", { maxLength: 5, stride: 1, truncationSide: "left" })).toEqual(["b c d", "a b"]);
  });

  test("cuts one of a pair, or both: each window of the first then meets each of the second", () => {
    const pair = "d e f";
    expect(windows("a b", { pair, maxLength: 7, truncation: "only_second" })).toEqual(["a b [SEP] d e", "a b [SEP] f"]);
    expect(windows("a b c", { pair, maxLength: 7, truncation: "longest_first" })).toEqual([
      "a b [SEP] d e",
      "c [SEP] d e",
      "c [SEP] f",
      "a b [SEP] f",
    ]);
  });

  test("takes words that were split before, with their numbers", () => {
    const found = [...encodeWindows(tokenizer, ["ab", "c", "de"], { maxLength: 4, pair: undefined })];
    expect(found.map(({ wordIds }) => [...wordIds])).toEqual([
      [-1, 0, 0, -1],
      [-1, 1, 2, -1],
      [-1, 2, -1],
    ]);
  });

  test("says of every window whether it lacks tokens", () => {
    const truncated = (options: WindowOptions) =>
      [...encodeWindows(tokenizer, "a b c", options)].map((window) => window.truncated);
    expect(truncated({ maxLength: 4 })).toEqual([true, true]);
    expect(truncated({ maxLength: 5 })).toEqual([false]);
  });

  test("a stride that is not below the window is an error, and so is no room for a token", () => {
    const invalid = expect.objectContaining({ code: "invalid_option" });
    expect(() => windows("a b c", { maxLength: 4, stride: 2 })).toThrow(
      "stride: wanted a whole number of tokens below",
    );
    expect(() => windows("a b c", { maxLength: 4, stride: -1 })).toThrow(invalid);
    expect(() => windows("a b c", { maxLength: 4, stride: 0.5 })).toThrow(invalid);
    // Half of the room is left to each.
    expect(() => windows("a b c", { pair: "d e f", maxLength: 7, stride: 2 })).toThrow(invalid);
    const short = expect.objectContaining({ code: "maximum_too_short" });
    expect(() => windows("a", { maxLength: 2 })).toThrow(short);
    expect(() => windows("a b", { pair: "c d", maxLength: 4 })).toThrow(short);
  });

  test("is made one by one, before the next text is read or after", () => {
    const found = encodeWindows(tokenizer, "a b c d", { maxLength: 4 });
    expect(found.next().value.tokens).toEqual(["[CLS]", "a", "b", "[SEP]"]);
    tokenizer.encode("i j");
    expect(found.next().value.tokens).toEqual(["[CLS]", "c", "d", "[SEP]"]);
    expect(found.next().done).toBe(true);
  });

  test("covers every token of any text, in order, with the stride in common", () => {
    const setting = fc
      .record({
        words: fc.array(fc.constantFrom("ab", "c", "defg", "h i", "😀"), { maxLength: 30 }),
        room: fc.integer({ min: 1, max: 9 }),
      })
      .chain(({ words, room }) =>
        fc.record({
          text: fc.constant(words.join(" ")),
          room: fc.constant(room),
          stride: fc.nat(room - 1),
          truncationSide: fc.constantFrom("left" as const, "right" as const),
        }),
      );
    fc.assert(
      fc.property(setting, ({ text, room, stride, truncationSide }) => {
        const whole = starts(tokenizer.encode(text));
        const found = [...encodeWindows(tokenizer, text, { maxLength: room + 2, stride, truncationSide })].map(starts);
        const inOrder = truncationSide === "right" ? found : found.reverse();
        const joined = inOrder.flatMap((window, index) =>
          truncationSide === "right"
            ? window.slice(index === 0 ? 0 : stride)
            : window.slice(0, index === found.length - 1 ? undefined : window.length - stride),
        );
        expect(joined).toEqual(whole);
        for (const window of found) expect(window.length).toBeLessThanOrEqual(room);
      }),
      { numRuns: 10_000 },
    );
  });
});

/** Where the text's tokens begin. */
function starts({ ranges, specialMask }: Encoding): number[] {
  return Array.from(specialMask.keys())
    .filter((token) => specialMask[token] === 0)
    .map((token) => ranges[2 * token] as number);
}
