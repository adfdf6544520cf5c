import type { CheckpointSource } from "@bertkit/checkpoint";
import { type LoadEncoderOptions, loadEncoder } from "@bertkit/encoder-family";
import type { Backend } from "@bertkit/tensor";
import type { Bert } from "./bert.js";
import { bertFamily } from "./bert-family.js";
import type { BertConfig } from "./config/bert-config.js";

/** A BERT from a checkpoint in any known spelling, with or without a prefix, as `loadEncoder` loads it. */
export async function loadBert(
  source: CheckpointSource,
  config: BertConfig,
  backend: Backend,
  options: LoadEncoderOptions = {},
): Promise<{ bert: Bert; unused: readonly string[] }> {
  const { encoder, unused } = await loadEncoder(bertFamily, source, config, backend, options);
  return { bert: encoder, unused };
}
