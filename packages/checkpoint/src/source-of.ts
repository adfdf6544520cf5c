import { CheckpointError, quoted } from "./checkpoint-error.js";
import type { CheckpointEntry, CheckpointSource, ReadOptions, Values } from "./checkpoint-source.js";

/** What a format makes a checkpoint of. */
export interface SourceParts<Entry extends CheckpointEntry> {
  /** What error messages call it. */
  readonly label: string;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata?: ReadonlyMap<string, string>;
  readonly read: (entry: Entry, name: string, options: ReadOptions) => Promise<Values>;
  /** Gives files back; called more than once where a checkpoint is closed more than once. */
  readonly close: () => Promise<void>;
}

/** A checkpoint that knows its names and whether it has been closed; how arrays are read is the format's. */
export function sourceOf<Entry extends CheckpointEntry>(parts: SourceParts<Entry>): CheckpointSource {
  const { label, entries, metadata = new Map() } = parts;
  let open = true;
  const close = async () => {
    open = false;
    await parts.close();
  };
  return {
    entries,
    metadata,
    async read(name, options = {}) {
      if (!open) throw new CheckpointError("closed", `${label} has been closed`);
      const entry = entries.get(name);
      if (entry !== undefined) return parts.read(entry, name, options);
      throw new CheckpointError("argument", `${label} has no array ${quoted(name)}; \`entries\` lists what it has`);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
