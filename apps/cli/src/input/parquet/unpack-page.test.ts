import { brotliCompressSync, gzipSync } from "node:zlib";
import { compress, init } from "@bokuweb/zstd-wasm";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { CompressionCodec } from "hyparquet";
import { unpackPage } from "./unpack-page.js";

const content = Buffer.from("one two ".repeat(100));

/** By hand: its length, a literal of eight bytes, and copies of what stands eight bytes back. */
const snappy = Buffer.of(
  0xa0,
  0x06,
  28,
  ...Buffer.from("one two "),
  ...new Array<number[]>(12).fill([254, 8, 0]).flat(),
  94,
  8,
  0,
);

const packers: Partial<Record<CompressionCodec, () => Uint8Array>> = {
  UNCOMPRESSED: () => content,
  GZIP: () => gzipSync(content),
  BROTLI: () => brotliCompressSync(content),
  ZSTD: () => compress(content),
  SNAPPY: () => snappy,
};

beforeAll(() => init());

describe("unpackPage", () => {
  test.each(Object.keys(packers) as CompressionCodec[])("unpacks %s, and notices another length", async (codec) => {
    const packed = (packers[codec] as () => Uint8Array)();
    expect(Buffer.from(await unpackPage(packed, content.length, codec))).toEqual(content);
    await expect(unpackPage(packed, content.length - 1, codec)).rejects.toThrow();
    await expect(unpackPage(packed, content.length + 1, codec)).rejects.toThrow();
  });

  test("an empty page needs no codec", async () => {
    expect(await unpackPage(new Uint8Array(0), 0, "ZSTD")).toHaveLength(0);
  });

  test("a page that grows beyond what it says is not unpacked", async () => {
    const bomb = Buffer.alloc(2 ** 22);
    await expect(unpackPage(gzipSync(bomb), 100, "GZIP")).rejects.toThrow();
    await expect(unpackPage(brotliCompressSync(bomb), 100, "BROTLI")).rejects.toThrow();
    await expect(unpackPage(compress(bomb), 100, "ZSTD")).rejects.toThrow("a page is not the zstd of 100 bytes");
  });

  test("LZ4 comes plain, or in Hadoop's frames", async () => {
    const literal = Buffer.of(0x50, ...Buffer.from("hello"));
    const framed = Buffer.concat([Buffer.of(0, 0, 0, 5, 0, 0, 0, 6), literal]);
    expect(String(Buffer.from(await unpackPage(literal, 5, "LZ4_RAW")))).toBe("hello");
    expect(String(Buffer.from(await unpackPage(literal, 5, "LZ4")))).toBe("hello");
    expect(String(Buffer.from(await unpackPage(framed, 5, "LZ4")))).toBe("hello");
    expect(String(Buffer.from(await unpackPage(Buffer.concat([framed, framed]), 10, "LZ4")))).toBe("hellohello");
  });

  test("frames that lie end too", async () => {
    await expect(unpackPage(Buffer.of(0, 0, 0, 0, 255, 255, 255, 248), 5, "LZ4")).rejects.toThrow();
  });

  test("a codec that nobody writes is an error", async () => {
    await expect(unpackPage(content, 5, "LZO")).rejects.toThrow("compressed by LZO, which is not supported");
  });
});
