import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chunksOf, collected, splitAt } from "../fixtures/chunks.js";
import { InputWarnings } from "./input-warnings.js";
import { type Line, longestLine, readLines } from "./read-lines.js";

async function linesOf(parts: readonly (string | Uint8Array)[], warnings = new InputWarnings()): Promise<Line[]> {
  return collected(readLines(chunksOf(parts), "texts.txt", warnings));
}

const textsOf = async (...parts: (string | Uint8Array)[]) => (await linesOf(parts)).map(({ text }) => text);

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

  test("keeps zero bytes as what they are", async () => {
    expect(await textsOf("a\0b\n\0")).toEqual(["a\0b", "\0"]);
  });

  test("knows numbers, ends and positions", async () => {
    expect(await linesOf(["ä\r\nb\n", "c"])).toEqual([
      { text: "ä", ending: "\r\n", number: 1, position: 4 },
      { text: "b", ending: "\n", number: 2, position: 6 },
      { text: "c", ending: "", number: 3, position: 7 },
    ]);
  });

  test("makes invalid bytes U+FFFD and counts their lines, not those that have a U+FFFD of their own", async () => {
    const warnings = new InputWarnings();
    const bytes = Buffer.concat([Buffer.from("ok \ufffd\ncaf"), Buffer.of(0xe9, 0x0a, 0xff, 0x0a), Buffer.from("é")]);
    const lines = await linesOf([bytes], warnings);
    expect(lines.map(({ text }) => text)).toEqual(["ok \ufffd", "caf\ufffd", "\ufffd", "é"]);
    expect(warnings.sentence()).toMatch(/^texts\.txt:2: 2 lines are not valid UTF-8, this the first;/);
  });

  test.each([
    ["UTF-16 with its mark", Buffer.from("\ufeffa\n", "utf16le"), /texts\.txt: wanted UTF-8, this is UTF-16/, /iconv/],
    ["UTF-16 without one", Buffer.from("text", "utf16le"), /this is UTF-16/, /iconv/],
    ["UTF-16 of big ends", Buffer.from("text", "utf16le").swap16(), /this is UTF-16/, /iconv/],
    ["gzip", Buffer.of(0x1f, 0x8b, 8, 0, 0), /this is compressed by gzip/, /extension \.gz/],
    ["zstd", Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0), /this is compressed by zstd/, /extension \.zst/],
    ["xz", Buffer.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), /this is compressed by xz/, /xz -dc/],
    ["bzip2", Buffer.from("BZh91AY&SY"), /this is compressed by bzip2/, /bzip2 -dc/],
    ["a sheet of Excel", Buffer.from("PK\x03\x04"), /this is a ZIP archive/, /CSV/],
    ["Parquet", Buffer.from("PAR1\x15\x04"), /this is Parquet/, /--format parquet/],
  ])("names %s as what it is", async (_kind, bytes, message, hint) => {
    const failure = await linesOf([bytes.subarray(0, 1), bytes.subarray(1)]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
  });

  test("a file without line ends is an error before it fills the memory", async () => {
    const block = Buffer.alloc(2 ** 20, "x");
    const parts = Array.from({ length: longestLine / block.length + 1 }, () => block);
    await expect(linesOf(["short\n", ...parts])).rejects.toThrow("texts.txt:2: this line is longer than 64 MiB");
  });

  test("does not depend on how the bytes come", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "🚀", "\n", "\r", "\r\n", "\ufeff", "\0") });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40)), async (whole, cuts) => {
        const bytes = Buffer.from(whole);
        expect(await outcomeOf(splitAt(bytes, cuts))).toEqual(await outcomeOf([bytes]));
      }),
    );
  });
});

/** The lines, or what is wrong with them: a text may begin as UTF-16 does. */
async function outcomeOf(parts: readonly Uint8Array[]): Promise<unknown> {
  return linesOf(parts).catch((error: Error) => error.message);
}
