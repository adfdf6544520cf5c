import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chunksOf, splitAt } from "../fixtures/chunks.js";
import type { Chunk } from "./chunk.js";
import { unpackGzip } from "./unpack-gzip.js";

const wrongCheck = gzipSync(Buffer.from("abc"));
wrongCheck.writeUInt32LE(0, wrongCheck.length - 8);

async function unpacked(parts: readonly Uint8Array[]): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const { bytes } of unpackGzip(chunksOf(parts), "t.csv.gz")) found.push(bytes);
  return Buffer.concat(found);
}

describe("unpackGzip", () => {
  test("gives what was packed, member after member, however the bytes come", async () => {
    const members = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(members, fc.array(fc.nat(300)), async (contents, cuts) => {
        const packed = Buffer.concat(contents.map((content) => gzipSync(content)));
        expect(await unpacked(splitAt(packed, cuts))).toEqual(Buffer.concat(contents));
      }),
      { numRuns: 50 },
    );
  });

  test("tells how far into the packed bytes each piece goes", async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 2 ** 19 }, (_, i) => (i * i) >> 3)));
    const pieces: Chunk[] = [];
    for await (const piece of unpackGzip(chunksOf(splitAt(packed, [1000, 9000])), "t.gz")) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces[0]?.from).toBe(0);
    for (const [i, { from, to }] of pieces.entries())
      expect([from, to >= from]).toEqual([pieces[i - 1]?.to ?? 0, true]);
    expect(pieces.at(-1)?.to).toBe(packed.length);
  });

  test("unpacks no more at once than it hands on", async () => {
    const packed = gzipSync(Buffer.alloc(2 ** 26));
    for await (const { bytes } of unpackGzip(chunksOf([packed]), "t.gz"))
      expect(bytes.length).toBeLessThanOrEqual(2 ** 17);
  });

  test.each([
    ["nothing", Buffer.alloc(0), /named \.gz, but this is not gzip/, /rename/],
    ["text", Buffer.from("id,text\n"), /named \.gz, but this is not gzip/, /rename/],
    ["half of it", gzipSync(Buffer.alloc(5000, "abc")).subarray(0, 30), /ends in the middle/, /again/],
    ["all but a byte", gzipSync(Buffer.from("abc")).subarray(0, -1), /ends in the middle/, /again/],
    ["a wrong check", wrongCheck, /is broken \(incorrect data check\)/, /gzip -t/],
  ])("names the file of %s, and says what to do", async (_what, bytes, message, hint) => {
    const failure = await unpacked([bytes]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
    expect(failure).toMatchObject({ message: expect.stringMatching(/^t\.csv\.gz: /) });
  });

  test("lets go of the source when its reader leaves", async () => {
    let left = false;
    async function* endless(): AsyncGenerator<Chunk> {
      const bytes = gzipSync(Buffer.alloc(2 ** 20));
      try {
        for (let at = 0; ; at += bytes.length) yield { bytes, from: at, to: at + bytes.length };
      } finally {
        left = true;
      }
    }
    for await (const { bytes } of unpackGzip(endless(), "t.gz")) {
      expect(bytes.length).toBeGreaterThan(0);
      break;
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(left).toBe(true);
  });
});
