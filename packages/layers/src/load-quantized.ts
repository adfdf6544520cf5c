import type { CheckpointEntry } from "@bertkit/checkpoint";
import { sameShape, showShape } from "@bertkit/tensor";
import type { QuantizedTarget } from "./load-target.js";

/** What is wrong with the scales that a file has for an int8 weight. */
export function problemOfScales(
  { scale, scalePath }: QuantizedTarget,
  name: string,
  entry: CheckpointEntry | undefined,
): string[] {
  if (!entry) return [`missing ${name} (for ${scalePath})`];
  if (!sameShape(entry.shape, scale.shape)) {
    return [`${name} is ${showShape(entry.shape)}, ${scalePath} needs ${showShape(scale.shape)}`];
  }
  return entry.dtype === "float32" ? [] : [`${name} is ${entry.dtype}, ${scalePath} needs float32`];
}
