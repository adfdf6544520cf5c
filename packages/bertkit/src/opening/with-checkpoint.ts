import type { CheckpointSource } from "@bertkit/checkpoint";
import type { ModelFolder } from "./model-folder.js";

/** Opens a folder's weights for as long as `use` takes. */
export async function withCheckpoint<Result>(
  folder: ModelFolder,
  signal: AbortSignal | undefined,
  use: (source: CheckpointSource) => Promise<Result>,
): Promise<Result> {
  const source = await folder.openCheckpoint(signal);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
