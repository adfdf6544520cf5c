import { type ByteSink, writeSafetensors } from "@bertkit/checkpoint";
import { type InspectedText, inspectionArrays } from "./inspection-arrays.js";

export interface WriteInspectionsOptions {
  /** Stops the writing with its reason; a path then has no file, or the one that it had. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes texts' attention and hidden states as a safetensors file, with the names that `inspectionArrays` gives them.
 * Throws `ConfigError` as that does, and `CheckpointError` where the file cannot be written.
 *
 * @param to a path (Node only; a file appears there when it is complete), or what takes the bytes
 */
export async function writeInspections(
  to: string | ByteSink,
  texts: readonly InspectedText[],
  { signal }: WriteInspectionsOptions = {},
): Promise<void> {
  const { arrays, metadata } = inspectionArrays(texts);
  await writeSafetensors(to, arrays, { metadata, signal });
}
