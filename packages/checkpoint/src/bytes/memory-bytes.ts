import { CheckpointError } from "../checkpoint-error.js";
import type { ByteSource } from "./byte-source.js";

/** Bytes that are in memory already; they are borrowed, not copied. */
export function memoryBytes(bytes: Uint8Array, label = "bytes in memory"): ByteSource {
  return blockBytes([bytes], Math.max(bytes.length, 1), label);
}

/** Bytes in memory in blocks of one size (the last may be shorter). */
export function blockBytes(blocks: readonly Uint8Array[], blockSize: number, label: string): ByteSource {
  let held: readonly Uint8Array[] | undefined = blocks;
  return {
    label,
    size: blocks.length === 0 ? 0 : (blocks.length - 1) * blockSize + blocks[blocks.length - 1]!.length,
    async read(from, into, signal) {
      signal?.throwIfAborted();
      if (held === undefined) throw new CheckpointError("closed", `${label} has been closed`);
      for (let done = 0; done < into.length; ) {
        const start = (from + done) % blockSize;
        const block = held[Math.floor((from + done) / blockSize)]!;
        const part = block.subarray(start, start + into.length - done);
        into.set(part, done);
        done += part.length;
      }
    },
    async close() {
      held = undefined;
    },
  };
}

/** The bytes of a `Blob` or `File`, read a slice at a time. */
export function blobBytes(blob: Blob): ByteSource {
  const label = "name" in blob && typeof blob.name === "string" ? blob.name : "a blob";
  let open = true;
  return {
    label,
    size: blob.size,
    async read(from, into, signal) {
      signal?.throwIfAborted();
      if (!open) throw new CheckpointError("closed", `${label} has been closed`);
      let part: ArrayBuffer;
      try {
        part = await blob.slice(from, from + into.length).arrayBuffer();
      } catch (error) {
        throw new CheckpointError("io", `${label} can no longer be read; was the file changed or removed?`, {
          cause: error,
        });
      }
      signal?.throwIfAborted();
      if (part.byteLength !== into.length) throw new CheckpointError("truncated", `${label} is shorter than it was`);
      into.set(new Uint8Array(part));
    },
    async close() {
      open = false;
    },
  };
}
