import { type ByteSink, type LazyArray, writeSafetensors } from "@bertkit/checkpoint";
import { encoderFile } from "@bertkit/encoder-family";
import type { Bert } from "./bert.js";
import { bertFamily } from "./bert-family.js";

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
  const { arrays, metadata } = encoderFile(bertFamily, bert);
  await writeSafetensors(to, [...arrays, ...others], { metadata, signal });
}
