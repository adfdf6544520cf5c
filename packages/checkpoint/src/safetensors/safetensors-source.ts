import type { ByteSource } from "../bytes/byte-source.js";
import type { CheckpointSource } from "../checkpoint-source.js";
import { readValues } from "../read-values.js";
import { sourceOf } from "../source-of.js";
import { readHeader } from "./header.js";

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
