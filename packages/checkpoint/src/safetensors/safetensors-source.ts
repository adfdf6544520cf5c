import type { ByteSource } from "../bytes/byte-source.js";
import { CheckpointError, quoted } from "../checkpoint-error.js";
import type { CheckpointSource } from "../checkpoint-source.js";
import { readValues } from "../read-values.js";
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
  let open = true;
  const close = async () => {
    open = false;
    await bytes.close();
  };
  return {
    entries,
    metadata,
    async read(name, options = {}) {
      if (!open) throw new CheckpointError("closed", `${bytes.label} has been closed`);
      const array = entries.get(name);
      if (array === undefined) throw unknownName(name, bytes.label);
      return readValues(bytes, { ...array, name }, options);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The error for a name that is not in a checkpoint. */
export function unknownName(name: string, label: string): CheckpointError {
  return new CheckpointError("argument", `${label} has no array ${quoted(name)}; \`entries\` lists what it has`);
}
