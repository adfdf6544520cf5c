import type { CheckpointSource } from "@bertkit/checkpoint";
import { ConfigError, showValue } from "@bertkit/layers";
import type { ConfiguredEncoder } from "./encoder-family.js";

/** What an encoder's linear maps and embeddings can be held and multiplied in; see docs/int8.md. */
export const precisions = ["float32", "int8"] as const;

export type Precision = (typeof precisions)[number];

/** What an encoder's linear maps and embeddings are held in. */
export function precisionOf({ embeddings }: ConfiguredEncoder): Precision {
  return embeddings.word.weight.dtype === "int8" ? "int8" : "float32";
}

const format = "1";

/** What a file of int8 weights says of itself. */
export const int8Metadata: Readonly<Record<string, string>> = {
  "bertkit.precision": "int8",
  "bertkit.format": format,
};

/**
 * The precision to load a checkpoint in: its own, unless int8 is wanted of floats. Throws `ConfigError` where floats are
 * wanted of int8, which cannot be had back, for an int8 file of a later format, and for a precision that is none.
 * @param tableDType what the file has for the word embeddings
 */
export function choosePrecision(
  { metadata }: CheckpointSource,
  tableDType: string | undefined,
  wanted: Precision | undefined,
): Precision {
  if (wanted !== undefined && !precisions.includes(wanted)) {
    throw new ConfigError("precision", [`it is ${precisions.join(" or ")}, got ${showValue(wanted)}`]);
  }
  const stated = metadata.get("bertkit.precision");
  const version = metadata.get("bertkit.format") ?? format;
  if (stated !== undefined && (stated !== "int8" || version !== format)) {
    const found = `the weights are ${stated} of format ${version}`;
    throw new ConfigError("precision", [`${found}, known is int8 of format ${format}: a later version may read them`]);
  }
  const isInt8 = stated === "int8" || tableDType === "int8";
  if (isInt8 && wanted === "float32") {
    const remedy = "load the model that they were made from";
    throw new ConfigError("precision", [`the weights are int8, float32 cannot be had back from them: ${remedy}`]);
  }
  return isInt8 ? "int8" : (wanted ?? "float32");
}
