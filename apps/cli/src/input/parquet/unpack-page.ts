import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { type CompressionCodec, snappyUncompress } from "hyparquet";
import { unpackZstd } from "../unpack-zstd.js";

/**
 * The bytes of a page, no more than it says there are.
 * @throws {Error} for other than `length` bytes, and for codecs that nobody writes.
 */
export async function unpackPage(packed: Uint8Array, length: number, codec: CompressionCodec): Promise<Uint8Array> {
  if (length === 0) return new Uint8Array(0);
  const page = await unpacked(packed, length, codec);
  if (page.length !== length) throw new Error(`a page has ${page.length} bytes and says ${length}`);
  return page;
}

async function unpacked(packed: Uint8Array, length: number, codec: CompressionCodec): Promise<Uint8Array> {
  switch (codec) {
    case "UNCOMPRESSED":
      return packed;
    case "SNAPPY": {
      const page = new Uint8Array(length);
      snappyUncompress(packed, page);
      return page;
    }
    case "GZIP":
      return gunzipSync(packed, { maxOutputLength: length });
    case "BROTLI":
      return brotliDecompressSync(packed, { maxOutputLength: length });
    case "ZSTD":
      return unpackedZstd(packed, length);
    case "LZ4_RAW":
      return unpackLz4(packed, length);
    case "LZ4":
      return unpackFramedLz4(packed, length);
    default:
      throw new Error(`its pages are compressed by ${codec}, which is not supported`);
  }
}

async function unpackedZstd(packed: Uint8Array, length: number): Promise<Uint8Array> {
  async function* whole() {
    yield { bytes: packed, from: 0, to: packed.length };
  }
  const page = new Uint8Array(length);
  let at = 0;
  try {
    for await (const { bytes } of unpackZstd(whole(), "a page")) {
      page.set(bytes, at);
      at += bytes.length;
    }
  } catch (cause) {
    throw new Error(`a page is not the zstd of ${length} bytes`, { cause });
  }
  return page.subarray(0, at);
}

async function unpackLz4(packed: Uint8Array, length: number): Promise<Uint8Array> {
  const { compressors } = await import("hyparquet-compressors");
  if (!compressors.LZ4_RAW) throw new Error("LZ4 is missing in this installation");
  return compressors.LZ4_RAW(packed, length);
}

/** Hadoop's frames: twice a length of four bytes before each block. Others meant plain blocks by the same name. */
async function unpackFramedLz4(packed: Uint8Array, length: number): Promise<Uint8Array> {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const parts: Uint8Array[] = [];
  let left = length;
  let at = 0;
  while (left > 0 && at + 8 <= packed.length) {
    const unpackedLength = view.getUint32(at);
    const packedLength = view.getUint32(at + 4);
    at += 8;
    if (unpackedLength > left || packedLength === 0 || packedLength > packed.length - at) break;
    parts.push(await unpackLz4(packed.subarray(at, at + packedLength), unpackedLength));
    left -= unpackedLength;
    at += packedLength;
  }
  return left === 0 && at === packed.length ? Buffer.concat(parts) : unpackLz4(packed, length);
}
