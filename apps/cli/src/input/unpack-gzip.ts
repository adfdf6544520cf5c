import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { codeOf, Failure } from "../failure.js";
import type { Chunk } from "./chunk.js";

/** Unpacked bytes at once at most. */
const chunkBytes = 2 ** 17;

/**
 * What a stream of gzip holds, member after member; positions are those of the packed bytes.
 * @throws {Failure} for what is not gzip, is broken, or ends too early.
 */
export async function* unpackGzip(packed: AsyncIterable<Chunk>, name: string): AsyncGenerator<Chunk> {
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  let start: number | undefined;
  async function* bytesOf(): AsyncGenerator<Uint8Array> {
    for await (const { bytes, from } of packed) {
      if (bytes.length > 0) start ??= from;
      yield bytes;
    }
    if (start === undefined) throw notGzip(name);
  }
  // The errors of either side reach the loop below through the last stream.
  pipeline(bytesOf, gunzip, () => {});
  let position = 0;
  try {
    for await (const bytes of gunzip as AsyncIterable<Uint8Array>) {
      const from = position;
      position = gunzip.bytesWritten;
      yield { bytes, from: (start ?? 0) + from, to: (start ?? 0) + position };
    }
  } catch (error) {
    throw codeOf(error)?.startsWith("Z_") ? gzipFailure(name, error) : error;
  }
}

function gzipFailure(name: string, error: unknown): Failure {
  const reason = String(error).replace(/^Error: /, "");
  if (reason === "incorrect header check") return notGzip(name);
  if (codeOf(error) === "Z_BUF_ERROR") {
    const hint = "fetch or copy it again: it is not whole";
    return new Failure(`${name}: this gzip file ends in the middle`, { cause: error, hint });
  }
  const hint = "fetch or copy it again, and compare with gzip -t";
  return new Failure(`${name}: this gzip file is broken (${reason})`, { cause: error, hint });
}

function notGzip(name: string): Failure {
  return new Failure(`${name}: named .gz, but this is not gzip`, { hint: "rename it to what it is" });
}
