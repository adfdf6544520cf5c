import { constants, createReadStream, fstatSync, openSync } from "node:fs";
import { open } from "node:fs/promises";
import { Socket } from "node:net";
import { addAbortSignal, type Readable } from "node:stream";
import { isatty, ReadStream as TerminalStream } from "node:tty";
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
    signal.throwIfAborted();
    const stored = storedBytes(await openStream(input, signal), start);
    if (compression === undefined) yield* stored;
    else if (compression === "gzip") yield* (await import("./unpack-gzip.js")).unpackGzip(stored, name);
    else yield* (await import("./unpack-zstd.js")).unpackZstd(stored, name);
  } catch (error) {
    signal.throwIfAborted();
    throw isSystemError(error) ? systemFailure(name, error) : error;
  }
}

async function openStream({ path, size }: Input, signal: AbortSignal): Promise<Readable> {
  if (path === undefined) return addAbortSignal(signal, process.stdin);
  if (size === undefined) return addAbortSignal(signal, openPipe(path));
  const file = await open(path);
  return file.createReadStream({ highWaterMark: chunkBytes, signal });
}

/**
 * A named pipe, a terminal or another device. A thread that waits for one in the system can be ended by nobody, not even
 * by the end of the process, so the event loop waits.
 */
function openPipe(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  if (isatty(fd)) return new TerminalStream(fd);
  if (fstatSync(fd).isFIFO()) return new Socket({ fd, readable: true, writable: false });
  return createReadStream(path, { fd, highWaterMark: chunkBytes });
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
