import { type FileHandle, open } from "node:fs/promises";
import { addAbortSignal, type Readable } from "node:stream";
import { systemFailure } from "../failure.js";
import type { Chunk } from "./chunk.js";
import type { Input } from "./find-inputs.js";

/** Bytes of a file read at once. */
const chunkBytes = 2 ** 18;

/**
 * The bytes of an input as they are to be read, unpacked where it is compressed. Opens the file when the first are asked
 * for, and closes it when no more are.
 * @throws {Failure} for what cannot be read or unpacked.
 */
export async function* readInput(input: Input, start: number, signal: AbortSignal): AsyncGenerator<Chunk> {
  const { name, compression } = input;
  try {
    const stored = storedBytes(await openStream(input, signal), start);
    if (compression === undefined) yield* stored;
    else if (compression === "gzip") yield* (await import("./unpack-gzip.js")).unpackGzip(stored, name);
    else yield* (await import("./unpack-zstd.js")).unpackZstd(stored, name);
  } catch (error) {
    signal.throwIfAborted();
    throw isSystemError(error) ? systemFailure(name, error) : error;
  }
}

async function openStream({ path }: Input, signal: AbortSignal): Promise<Readable> {
  if (path === undefined) return addAbortSignal(signal, process.stdin);
  const file = await untilAborted(open(path), signal);
  return file.createReadStream({ highWaterMark: chunkBytes, signal });
}

/** A named pipe opens when somebody writes to it; whoever stops waiting closes what opens later. */
async function untilAborted(opening: Promise<FileHandle>, signal: AbortSignal): Promise<FileHandle> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    opening.then((file) => file.close()).catch(() => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function* storedBytes(stream: Readable, start: number): AsyncGenerator<Chunk> {
  let position = start;
  for await (const bytes of stream as AsyncIterable<Uint8Array>) {
    const from = position;
    position += bytes.length;
    yield { bytes, from, to: position };
  }
}

/** Node's errors of files and streams say which call failed; ours and those of bugs don't. */
function isSystemError(error: unknown): boolean {
  return typeof error === "object" && error !== null && "syscall" in error;
}
