import { type ByteSink, writeWholeFile } from "../bytes/file-sink.js";
import { CheckpointError } from "../checkpoint-error.js";
import { encodeValues } from "../encode-values.js";
import { checkLength, type LazyArray, type NamedArray, valuesOf } from "../named-array.js";
import { type Layout, layOut } from "./layout.js";

/** What else a safetensors file says. */
export interface SafetensorsOptions {
  /** What the file says of itself; Hugging Face's transformers wants `{ format: "pt" }`. */
  readonly metadata?: ReadonlyMap<string, string> | Readonly<Record<string, string>> | undefined;
}

/** How {@link writeSafetensors} writes. */
export interface WriteSafetensorsOptions extends SafetensorsOptions {
  /** Stops the writing, which then rejects with the signal's reason and leaves no file. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a safetensors file, byte for byte what the safetensors library writes for the same arrays: arrays with wider
 * elements first, then by name. Names and shapes are collected before the first byte is written; values given as
 * functions are asked for one at a time, in the file's order, so memory holds one array.
 *
 * @param to a path (Node only; a temporary name is renamed when the file is complete) or a sink, which is not closed.
 * @throws CheckpointError `argument` that lists all that is wrong with names and shapes; `range` for an integer that
 * its type cannot hold; `io` where the file cannot be written.
 */
export async function writeSafetensors(
  to: string | ByteSink,
  arrays: Iterable<LazyArray> | AsyncIterable<LazyArray>,
  options: WriteSafetensorsOptions = {},
): Promise<void> {
  options.signal?.throwIfAborted();
  const collected: LazyArray[] = [];
  for await (const array of arrays) collected.push(array);
  const layout = layOut(collected, options.metadata);
  const body = (sink: ByteSink) => writeBody(sink, layout, options.signal);
  await (typeof to === "string" ? writeWholeFile(to, body) : body(to));
}

async function writeBody(sink: ByteSink, layout: Layout<LazyArray>, signal: AbortSignal | undefined): Promise<void> {
  await sink.write(layout.header);
  for (const array of layout.arrays) {
    signal?.throwIfAborted();
    const values = await valuesOf(array);
    for (const bytes of encodeValues(array.dtype, values, array.name)) {
      signal?.throwIfAborted();
      await sink.write(bytes);
    }
  }
}

/**
 * The bytes of a safetensors file; for what fits in memory twice.
 *
 * @throws CheckpointError as {@link writeSafetensors} does.
 */
export function serializeSafetensors(arrays: Iterable<NamedArray>, options: SafetensorsOptions = {}): Uint8Array {
  const layout = layOut([...arrays], options.metadata);
  const file = allocate(layout.size);
  file.set(layout.header);
  let at = layout.header.length;
  for (const array of layout.arrays) {
    checkLength(array, array.values);
    for (const bytes of encodeValues(array.dtype, array.values, array.name)) {
      file.set(bytes, at);
      at += bytes.length;
    }
  }
  return file;
}

function allocate(size: number): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (error) {
    const remedy = "write it with writeSafetensors";
    throw new CheckpointError("limit", `no memory for a file of ${size} bytes; ${remedy}`, { cause: error });
  }
}
