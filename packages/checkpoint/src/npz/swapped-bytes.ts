import type { ByteSource } from "../bytes/byte-source.js";

/** Elements that lie big-endian, as if they lay little-endian. Reads must begin and end between two elements. */
export function swappedBytes(bytes: ByteSource, width: number): ByteSource {
  return {
    ...bytes,
    async read(from, into, signal) {
      await bytes.read(from, into, signal);
      for (let at = 0; at < into.length; at += width) into.subarray(at, at + width).reverse();
    },
  };
}
