import type { ByteSource } from "./bytes/byte-source.js";
import type { CheckpointSource } from "./checkpoint-source.js";
import type { Place } from "./place.js";

/** A format of files: how one is told, and how it is opened. One file of the source a format. */
export interface Format {
  /** As people call it. */
  readonly name: string;
  /** Whether a file is of this format, by its first bytes (512, or all there are) and, where they do not say, its name. */
  recognises(start: Uint8Array, fileName: string): boolean;
  /**
   * Opens a file of this format. Owns the bytes: closes them when the checkpoint is closed, or when opening fails.
   *
   * @param place where the bytes are from, for formats that come in several files
   * @throws CheckpointError
   */
  open(bytes: ByteSource, place: Place, signal?: AbortSignal): Promise<CheckpointSource>;
}
