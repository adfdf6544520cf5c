import type { ByteSource } from "./byte-source.js";

/**
 * The same bytes, of which those in `[from, to)` are read at once and then held: what lies or begins among them costs no
 * request, or one only for the rest. Closing it does not close the other.
 */
export async function readAhead(
  bytes: ByteSource,
  { from, to }: { readonly from: number; readonly to: number },
  signal?: AbortSignal,
): Promise<ByteSource> {
  const held = new Uint8Array(to - from);
  await bytes.read(from, held, signal);
  return {
    label: bytes.label,
    size: bytes.size,
    async read(start, into, readSignal) {
      const known = start < from ? held.subarray(0, 0) : held.subarray(start - from, start - from + into.length);
      into.set(known);
      if (known.length < into.length) await bytes.read(start + known.length, into.subarray(known.length), readSignal);
    },
    async close() {},
  };
}
