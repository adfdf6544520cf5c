import { CheckpointError } from "../checkpoint-error.js";
import type { ByteSource } from "./byte-source.js";

/** The bytes `[from, to)` of another source as one of its own. Closing it does not close the other. */
export function windowBytes(bytes: ByteSource, from: number, to: number, label = bytes.label): ByteSource {
  let open = true;
  return {
    label,
    size: to - from,
    async read(start, into, signal) {
      signal?.throwIfAborted();
      if (!open) throw new CheckpointError("closed", `${label} has been closed`);
      await bytes.read(from + start, into, signal);
    },
    async close() {
      open = false;
    },
  };
}
