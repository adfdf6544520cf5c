import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { anyText, inPieces } from "../fixtures/any-text.js";
import { errorOf } from "../fixtures/error-of.js";
import { gather } from "../fixtures/gather.js";
import { linesOf, longestLine, withoutMark } from "./lines.js";

const textsOf = async (source: Parameters<typeof linesOf>[0]): Promise<string[]> => {
  return (await gather(linesOf(source))).map(({ text }) => text);
};

describe("lines", () => {
  test("end with \\n or \\r\\n and nothing else, and the last one needs no end", async () => {
    expect(await gather(linesOf("a\r\n\nb\rc\u2028d\u0085\ne"))).toEqual([
      { text: "a", number: 1 },
      { text: "", number: 2 },
      { text: "b\rc\u2028d\u0085", number: 3 },
      { text: "e", number: 4 },
    ]);
  });

  test("are none in an empty text, and a final line end begins no line", async () => {
    expect(await textsOf("")).toEqual([]);
    expect(await textsOf([])).toEqual([]);
    expect(await textsOf("a\n")).toEqual(["a"]);
  });

  test("lose the byte order mark of the first one only", async () => {
    expect(await textsOf("\ufeffa\n\ufeffb")).toEqual(["a", "\ufeffb"]);
  });

  test("are the same in whatever pieces the text comes, from lists and streams", async () => {
    const streamed = async function* (pieces: readonly string[]): AsyncGenerator<string> {
      yield* pieces;
    };
    await fc.assert(
      fc.asyncProperty(anyText(), fc.array(fc.nat(5)), async (text, lengths) => {
        const expected = withoutMark(text).split("\n");
        if (expected.at(-1) === "") expected.pop();
        const ended = text.split("\n").length - 1;
        const lines = expected.map((line, index) => (index < ended ? line.replace(/\r$/, "") : line));
        expect(await textsOf(text)).toEqual(text === "\ufeff" ? [""] : lines);
        expect(await textsOf(inPieces(text, lengths))).toEqual(await textsOf(text));
        expect(await textsOf(streamed(inPieces(text, lengths)))).toEqual(await textsOf(text));
      }),
    );
  });

  test("that have no end are an error before they fill the memory", async () => {
    const piece = "a".repeat(2 ** 20);
    const endless = function* (): Generator<string> {
      yield "short\n";
      for (;;) yield piece;
    };
    const error = await errorOf(linesOf(endless()));
    expect(error).toMatchObject({ code: "limit", line: 2 });
    expect(error.message).toContain(String(longestLine));
  });
});
