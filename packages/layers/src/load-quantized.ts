import type { CheckpointEntry, Values } from "@bertkit/checkpoint";
import { type Parameter, quantizeRows, sameShape, showShape } from "@bertkit/tensor";
import type { QuantizedTarget } from "./load-target.js";
import { rowsAndWidth } from "./piece-reader.js";

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

/** Quantises whole rows, and writes them from row `from` on. */
export function writeQuantized(weight: Parameter, { scale, use }: QuantizedTarget, rows: Values, from: number): void {
  const [, width] = rowsAndWidth(weight.shape);
  const { levels, scales } = quantizeRows(rows, width, use);
  weight.write(levels, from * width);
  scale.write(scales, from);
}
