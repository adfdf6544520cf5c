import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type InvalidLines, type Line, longestLine, readLines } from "./read-lines.js";

async function linesOf(chunks: readonly (string | Uint8Array)[], invalid: InvalidLines = { count: 0, first: 0 }) {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk as string);
  }
  const lines: Line[] = [];
  for await (const line of readLines(bytes(), { name: "texts.txt", invalid })) lines.push(line);
  return lines;
}

const textsOf = async (...chunks: (string | Uint8Array)[]) => (await linesOf(chunks)).map(({ text }) => text);

describe("readLines", () => {
  test("takes \\n and \\r\\n, empty lines, and a last line without an end", async () => {
    expect(await textsOf("a\nb\r\n\n\r\nc\rd")).toEqual(["a", "b", "", "", "c\rd"]);
    expect(await textsOf("a\n")).toEqual(["a"]);
    expect(await textsOf("\n")).toEqual([""]);
    expect(await textsOf()).toEqual([]);
  });

  test("drops a byte order mark at the start of the file only", async () => {
    expect(await textsOf("\ufeffa\n\ufeffb")).toEqual(["a", "\ufeffb"]);
    expect(await textsOf("\ufeff")).toEqual([""]);
  });

  test("knows numbers, ends and positions", async () => {
    expect(await linesOf(["ä\r\nb\n", "c"])).toEqual([
      { text: "ä", ending: "\r\n", number: 1, position: 4 },
      { text: "b", ending: "\n", number: 2, position: 6 },
      { text: "c", ending: "", number: 3, position: 7 },
    ]);
  });

  test("makes invalid bytes U+FFFD and counts their lines, not those that have a U+FFFD of their own", async () => {
    const invalid = { count: 0, first: 0 };
    const bytes = Buffer.concat([Buffer.from("ok \ufffd\ncaf"), Buffer.of(0xe9, 0x0a, 0xff, 0x0a), Buffer.from("é")]);
    const lines = await linesOf([bytes], invalid);
    expect(lines.map(({ text }) => text)).toEqual(["ok \ufffd", "caf\ufffd", "\ufffd", "é"]);
    expect(invalid).toEqual({ count: 2, first: 2 });
  });

  test("names UTF-16 as what it is", async () => {
    await expect(linesOf([Buffer.from("\ufeffa\n", "utf16le")])).rejects.toThrow(/texts\.txt: wanted UTF-8.*UTF-16/);
  });

  test("a file without line ends is an error before it fills the memory", async () => {
    const block = Buffer.alloc(2 ** 20, "x");
    const chunks = Array.from({ length: longestLine / block.length + 1 }, () => block);
    await expect(linesOf(["short\n", ...chunks])).rejects.toThrow("texts.txt:2: this line is longer than 64 MiB");
  });

  test("does not depend on how the bytes come", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "🚀", "\n", "\r", "\r\n", "\ufeff", "\0") });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40)), async (whole, cuts) => {
        const bytes = Buffer.from(whole);
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        expect(await linesOf(chunks)).toEqual(await linesOf([bytes]));
      }),
    );
  });
});
