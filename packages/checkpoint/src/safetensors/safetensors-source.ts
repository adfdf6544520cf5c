import type { ByteSource } from "../bytes/byte-source.js";
import type { CheckpointSource } from "../checkpoint-source.js";
import type { Format } from "../format.js";
import { readValues } from "../read-values.js";
import { sourceOf } from "../source-of.js";
import { readHeader } from "./header.js";
import { largestHeader } from "./spelling.js";

/** The format of https://github.com/huggingface/safetensors. */
export const safetensors: Format = {
  name: "safetensors",
  recognises: (start, fileName) => startsLikeHeader(start) || fileName.endsWith(".safetensors"),
  open: (bytes, _, signal) => openSafetensors(bytes, signal),
};

/**
 * The arrays of a safetensors file. Owns the bytes: closes them when it is closed, or when opening fails.
 *
 * @throws CheckpointError as {@link readHeader} does.
 */
export async function openSafetensors(bytes: ByteSource, signal?: AbortSignal): Promise<CheckpointSource> {
  const { entries, metadata } = await readHeader(bytes, signal).catch(async (error: unknown) => {
    await bytes.close();
    throw error;
  });
  return sourceOf({
    label: bytes.label,
    entries,
    metadata,
    read: (array, name, options) => readValues(bytes, { ...array, name }, options),
    close: () => bytes.close(),
  });
}

/** The length of a header, in 8 bytes, and the bracket that it begins with. */
function startsLikeHeader(start: Uint8Array): boolean {
  if (start.length < 9 || start[8] !== 0x7b) return false;
  return new DataView(start.buffer, start.byteOffset).getBigUint64(0, true) <= BigInt(largestHeader);
}
