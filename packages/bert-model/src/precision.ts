import type { CheckpointSource } from "@bertkit/checkpoint";
import { UnsupportedError } from "@bertkit/tensor";

/** What an encoder's linear maps and embeddings can be held and multiplied in; see docs/int8.md. */
export const precisions = ["float32", "int8"] as const;

export type Precision = (typeof precisions)[number];

const format = "1";

/** What a file of int8 weights says of itself. */
export const int8Metadata: Readonly<Record<string, string>> = {
  "bertkit.precision": "int8",
  "bertkit.format": format,
};

/**
 * The precision to load a checkpoint in: its own, unless int8 is wanted of floats. Throws `UnsupportedError` where
 * floats are wanted of int8, which cannot be had back, and for an int8 file of a later format.
 * @param tableDType what the file has for the word embeddings
 */
export function choosePrecision(
  { metadata }: CheckpointSource,
  tableDType: string | undefined,
  wanted: Precision | undefined,
): Precision {
  if (wanted !== undefined && !precisions.includes(wanted)) {
    throw new UnsupportedError(`a precision is ${precisions.join(" or ")}, got ${JSON.stringify(wanted)}`);
  }
  const stated = metadata.get("bertkit.precision");
  const version = metadata.get("bertkit.format") ?? format;
  if (stated !== undefined && (stated !== "int8" || version !== format)) {
    throw new UnsupportedError(
      `this checkpoint is ${stated} of format ${version}, known is int8 of format ${format}: a later version may read it`,
    );
  }
  const isInt8 = stated === "int8" || tableDType === "int8";
  if (isInt8 && wanted === "float32") {
    throw new UnsupportedError(
      "this checkpoint is int8 and cannot be loaded in float32: load the model that it was made from",
    );
  }
  return isInt8 ? "int8" : (wanted ?? "float32");
}
