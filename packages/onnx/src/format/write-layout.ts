import type { ByteSink } from "@bertkit/checkpoint";
import { ShapeError, showShape, sizeOf } from "@bertkit/tensor";
import type { Initializer, StoredValues } from "../graph/model.js";
import type { Layout } from "./lay-out.js";

/** Writes what was laid out, one array in memory at a time. Throws the reason of a signal that aborts. */
export async function writeLayout(sink: ByteSink, layout: Layout, signal: AbortSignal | undefined): Promise<void> {
  for (const piece of layout) {
    signal?.throwIfAborted();
    await sink.write(piece instanceof Uint8Array ? piece : await bytesOf(piece));
  }
}

async function bytesOf({ name, shape, type, values }: Initializer): Promise<Uint8Array> {
  const found = typeof values === "function" ? await values() : values;
  if (found.length !== sizeOf(shape)) {
    throw new ShapeError(`${name} is ${showShape(shape)}, its values are ${found.length}`);
  }
  const stored: StoredValues = type === "float32" ? floatsOf(found) : found;
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}

/** A backend that computes in float64 holds its numbers in that, too. */
const floatsOf = (values: StoredValues): StoredValues =>
  values instanceof Float64Array ? Float32Array.from(values) : values;
