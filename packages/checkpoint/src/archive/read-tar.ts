import type { ParsedTarEntry, TarHeader } from "modern-tar";
import { BlockCollector } from "../bytes/block-collector.js";
import type { ByteSource } from "../bytes/byte-source.js";
import { unpackedChunks } from "../bytes/unpacked-chunks.js";
import { windowBytes } from "../bytes/window-bytes.js";
import { CheckpointError, quoted, reasonOf } from "../checkpoint-error.js";
import type { Member } from "../member-place.js";
import { byCheckedPath } from "./member-names.js";

/** How a tar archive is unpacked. */
export interface ReadTarOptions {
  /** The most bytes that the archive may unpack to, all its files together. */
  readonly unpackLimit: number;
  readonly signal?: AbortSignal | undefined;
}

const pieceSize = 2 ** 20;

/** Whether a file that begins so is compressed by gzip. */
export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** Whether a file that begins so is a tar archive, of any dialect since 1988. */
export function isTar(start: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(start.subarray(257, 262)) === "ustar";
}

/**
 * The files of a tar archive, compressed by gzip or not, by their paths. As such an archive has no directory, all of it
 * is read, and its files are kept in memory. Does not close the bytes.
 *
 * @throws CheckpointError `malformed`; `unsupported` for links and devices; `limit` where it unpacks to more than allowed.
 */
export async function readTar(
  bytes: ByteSource,
  { unpackLimit, signal }: ReadTarOptions,
): Promise<ReadonlyMap<string, Member>> {
  const { label } = bytes;
  const { createTarDecoder } = await import("modern-tar");
  let failure: { readonly error: unknown } | undefined;
  const tar = streamOf(limitedChunks(bytes, unpackLimit, signal), (error) => {
    failure = { error };
  });
  const reader = tar.pipeThrough(createTarDecoder({ strict: true })).getReader();
  try {
    const members: (readonly [name: string, member: Member])[] = [];
    for (;;) {
      const { value } = await reader.read();
      if (value === undefined) return byCheckedPath(members, label);
      const member = await readEntry(value, label);
      if (member !== undefined) members.push([value.header.name, member]);
    }
  } catch (error) {
    signal?.throwIfAborted();
    // What kept the bytes from coming, rather than what the decoder makes of it.
    if (failure !== undefined) throw failure.error;
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError("malformed", `${label} is no sound tar archive: ${reasonOf(error)}`, { cause: error });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* limitedChunks(
  bytes: ByteSource,
  unpackLimit: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const start = new Uint8Array(Math.min(2, bytes.size));
  await bytes.read(0, start, signal);
  let size = 0;
  for await (const chunk of isGzip(start) ? unpackedChunks(bytes, "gzip", signal) : piecesOf(bytes, signal)) {
    size += chunk.length;
    if (size > unpackLimit) {
      const remedy = "raise unpackLimit, or unpack it to disk";
      throw new CheckpointError("limit", `${bytes.label} unpacks to more than ${unpackLimit} bytes; ${remedy}`);
    }
    yield chunk;
  }
}

async function* piecesOf(bytes: ByteSource, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.size; at += pieceSize) {
    const piece = new Uint8Array(Math.min(pieceSize, bytes.size - at));
    await bytes.read(at, piece, signal);
    yield piece;
  }
}

function streamOf(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  onFailure: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  let isCancelled = false;
  return new ReadableStream({
    async pull(controller) {
      const { value } = await chunks.next().catch((error: unknown) => {
        onFailure(error);
        throw error;
      });
      // While a piece was waited for, who reads may have had enough; the stream then takes nothing more.
      if (isCancelled) return;
      if (value === undefined) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      isCancelled = true;
      await chunks.return();
    },
  });
}

/** A file; undefined for a folder. */
async function readEntry({ header, body }: ParsedTarEntry, archive: string): Promise<Member | undefined> {
  const label = `${archive}: ${quoted(header.name)}`;
  if (isFolder(header)) {
    await body.cancel();
    return undefined;
  }
  if (header.type !== "file") {
    throw new CheckpointError("unsupported", `${label} is a ${header.type}; only files and folders are read`);
  }
  const collector = new BlockCollector();
  const reader = body.getReader();
  for (let { value } = await reader.read(); value !== undefined; { value } = await reader.read()) collector.add(value);
  const content = collector.finish(label);
  return { open: async () => windowBytes(content, 0, content.size) };
}

/** Before 1988 a slash at the end of the name was all that told a folder. */
function isFolder({ type, name }: TarHeader): boolean {
  return type === "directory" || (type === "file" && name.endsWith("/"));
}
