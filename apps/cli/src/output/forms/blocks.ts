import { gzipSync } from "node:zlib";
import type { Compression } from "../output-form.js";
import { type EncoderOrder, noBytes, type VectorEncoder } from "./vector-encoder.js";

/**
 * The same bytes, compressed in blocks of whole rows, each a gzip member or a zstd frame of its own: what readers take for
 * one stream can be gone on with after any of them. Where blocks end depends on the rows alone.
 */
export async function compressedEncoder(
  inner: VectorEncoder,
  compression: Compression,
  { limits, resumption }: EncoderOrder,
): Promise<VectorEncoder> {
  const compress = compression === "gzip" ? gzipSync : await openZstd();
  let isBegun = resumption !== undefined;
  let block: Uint8Array[] = [];
  let size = 0;
  const gather = (bytes: Uint8Array): void => {
    block.push(Buffer.from(bytes)); // a copy, since the vector's memory is the caller's
    size += bytes.length;
  };
  const end = (): Uint8Array => {
    const bytes = compress(Buffer.concat(block));
    isBegun = true;
    block = [];
    size = 0;
    return bytes;
  };
  return {
    start: () => {
      gather(inner.start());
      return noBytes;
    },
    append: (row, elements) => {
      gather(inner.append(row, elements) ?? noBytes);
      return size >= limits.blockBytes ? end() : undefined;
    },
    finish: () => {
      gather(inner.finish());
      return size > 0 || !isBegun ? end() : noBytes;
    },
    state: () => undefined,
  };
}

async function openZstd(): Promise<(block: Uint8Array) => Uint8Array> {
  const { compress, init } = await import("@bokuweb/zstd-wasm");
  zstd ??= init();
  await zstd;
  return (block) => compress(block);
}

/** The library has one memory for all; begun a second time, it gives other bytes for a while, or none. */
let zstd: Promise<void> | undefined;
