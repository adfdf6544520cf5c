import { compress, init } from "@bokuweb/zstd-wasm";
import { beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chunksOf, splitAt } from "../fixtures/chunks.js";
import type { Chunk } from "./chunk.js";
import { unpackZstd } from "./unpack-zstd.js";

beforeAll(() => init());

async function unpacked(parts: readonly Uint8Array[]): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const { bytes } of unpackZstd(chunksOf(parts), "t.csv.zst")) found.push(bytes);
  return Buffer.concat(found);
}

const magic = [0x28, 0xb5, 0x2f, 0xfd];

/** A frame of one window of 1 KiB · 2^log, whose blocks are given as they stand. */
const frame = (log: number, ...blocks: number[]): Buffer => Buffer.of(...magic, 0, log << 3, ...blocks);

/** A block of a byte that is repeated. */
const repeated = (byte: string, count: number, isLast: boolean): number[] => {
  const head = count * 8 + 2 + (isLast ? 1 : 0);
  return [head & 255, (head >> 8) & 255, head >> 16, byte.charCodeAt(0)];
};

const skippable = (...content: number[]): Buffer =>
  Buffer.of(0x5a, 0x2a, 0x4d, 0x18, content.length, 0, 0, 0, ...content);

describe("unpackZstd", () => {
  test("gives what was packed, frame after frame, however the bytes come", async () => {
    const text = fc
      .array(fc.constantFrom("ab", "abc", "\n", "x", "🚀"), { maxLength: 3000 })
      .map((words) => words.join(""));
    const frames = fc.array(fc.tuple(text, fc.constantFrom(1, 3, 9, 19)), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(frames, fc.array(fc.nat(600)), async (contents, cuts) => {
        const packed = contents.flatMap(([content, level]) => [compress(Buffer.from(content), level), skippable(1, 2)]);
        const expected = Buffer.from(contents.map(([content]) => content).join(""));
        expect(await unpacked(splitAt(Buffer.concat(packed), cuts))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  test("unpacks long content over many blocks, and tells how far each goes", async () => {
    const content = Buffer.from(Array.from({ length: 2 ** 20 }, (_, i) => (i * i) >> 5));
    const packed = Buffer.from(compress(content, 3));
    const pieces: Chunk[] = [];
    for await (const piece of unpackZstd(chunksOf(splitAt(packed, [7, 5000, 40_000])), "t.zst")) pieces.push(piece);
    expect(Buffer.concat(pieces.map(({ bytes }) => bytes))).toEqual(content);
    for (const [i, { from, to }] of pieces.entries())
      expect([from, to >= from]).toEqual([pieces[i - 1]?.to ?? 0, true]);
    expect(pieces.at(-1)?.to).toBe(packed.length);
  });

  test("takes blocks of one repeated byte, and empty frames", async () => {
    const packed = [frame(0, ...repeated("a", 3, false), ...repeated("b", 1, true)), frame(0, 1, 0, 0)];
    expect(String(await unpacked(packed))).toBe("aaab");
  });

  test("unpacks no more at once than a few blocks, whatever a frame grows to", async () => {
    const blocks = Array.from({ length: 200 }, (_, i) => repeated("a", 2 ** 17, i === 199)).flat();
    let total = 0;
    for await (const { bytes } of unpackZstd(chunksOf([frame(7, ...blocks)]), "t.zst")) {
      expect(bytes.length).toBeLessThanOrEqual(2 ** 17);
      total += bytes.length;
    }
    expect(total).toBe(200 * 2 ** 17);
  });

  const wrongLength = Buffer.of(...magic, 0x20, 3, ...repeated("a", 2, true));
  test.each([
    ["nothing", Buffer.alloc(0), /named \.zst, but this is not zstd/, /rename/],
    ["text", Buffer.from("id,text\n"), /named \.zst, but this is not zstd/, /rename/],
    ["half a frame", frame(0, ...repeated("a", 3, false)), /ends in the middle/, /again/],
    ["half a header", Buffer.of(...magic), /ends in the middle/, /again/],
    ["half a skipped frame", skippable(1, 2, 3).subarray(0, -1), /ends in the middle/, /again/],
    ["text behind it", Buffer.concat([frame(0, 1, 0, 0), Buffer.from("abcd")]), /is broken/, /zstd -t/],
    ["a block of no kind", frame(0, 7, 0, 0), /is broken/, /zstd -t/],
    ["a length that is not its own", wrongLength, /is broken \(a frame has another length\)/, /zstd -t/],
    [
      "a window of 256 MiB",
      frame(18, 1, 0, 0),
      /wants 256 MiB of memory, at most 128 are given/,
      /--long=31 t\.csv\.zst/,
    ],
    ["a dictionary", Buffer.of(...magic, 1, 0, 9, 1, 0, 0), /needs a dictionary/, /-D DICTIONARY/],
  ])("names the file of %s, and says what to do", async (_what, bytes, message, hint) => {
    const failure = await unpacked([bytes]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
    expect(failure).toMatchObject({ message: expect.stringMatching(/^t\.csv\.zst: /) });
  });

  test("whatever is cut off or changed, it ends with a sentence or with bytes", async () => {
    const packed = Buffer.from(compress(Buffer.from("one two three two three one ".repeat(40)), 19));
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), fc.nat(255), fc.boolean(), async (at, byte, isCut) => {
        const changed = isCut ? packed.subarray(0, at) : Buffer.from(packed.map((old, i) => (i === at ? byte : old)));
        const outcome: unknown = await unpacked([changed]).catch((error: unknown) => error);
        if (isCut) expect(outcome).toMatchObject({ name: "Failure" });
        else if (outcome instanceof Error) expect(outcome.name).toBe("Failure");
        else expect(outcome).toBeInstanceOf(Buffer);
      }),
    );
  });
});
