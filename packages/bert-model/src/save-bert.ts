import { type ByteSink, type LazyArray, writeSafetensors } from "@bertkit/checkpoint";
import { namedArrays, nameTable } from "@bertkit/layers";
import type { Bert } from "./bert.js";
import { huggingFaceRows } from "./names/hugging-face.js";
import { int8Metadata } from "./precision.js";

/**
 * Writes a BERT's parameters as a safetensors file in Hugging Face's spelling, one array in memory at a time; int8 as
 * docs/int8.md describes. Throws `CheckpointError` as `writeSafetensors` does.
 * @param to a path (Node only; it has the whole file or none of it) or a sink, which is not closed
 * @param options `others` are written too, as they are, such as a head's arrays
 */
export async function saveBert(
  to: string | ByteSink,
  bert: Bert,
  { signal, others = [] }: { readonly signal?: AbortSignal | undefined; readonly others?: readonly LazyArray[] } = {},
): Promise<void> {
  // "pt" is what transformers expects of a file it can load, which one of levels is not.
  const metadata = bert.precision === "int8" ? int8Metadata : { format: "pt" };
  await writeSafetensors(to, [...namedArrays(bert, nameTable(huggingFaceRows)), ...others], { metadata, signal });
}
