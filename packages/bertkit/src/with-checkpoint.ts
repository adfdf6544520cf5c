import { type CheckpointSource, openCheckpoint } from "@bertkit/checkpoint";

/** Opens a checkpoint for as long as `use` takes. */
export async function withCheckpoint<Result>(
  place: string,
  signal: AbortSignal | undefined,
  use: (source: CheckpointSource) => Promise<Result>,
): Promise<Result> {
  const source = await openCheckpoint(place, { signal });
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
