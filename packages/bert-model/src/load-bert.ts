import type { CheckpointSource } from "@bertkit/checkpoint";
import type { Backend } from "@bertkit/tensor";
import { Bert } from "./bert.js";
import type { BertConfig } from "./config/bert-config.js";
import { findNames } from "./names/find-names.js";

export interface LoadBertOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * A BERT from a checkpoint in any known spelling, with or without a prefix. A configuration that asks for a pooler gets
 * one only if the file has one. Throws `CheckpointMismatchError` that lists all that is missing or of another shape.
 */
export async function loadBert(
  source: CheckpointSource,
  config: BertConfig,
  backend: Backend,
  options: LoadBertOptions = {},
): Promise<{ bert: Bert; unused: readonly string[] }> {
  const paths = Array.from(new Bert(config).parameters(), ([path]) => path);
  const names = findNames(paths, source.entries);
  const hasPooler = paths.some((path) => path.startsWith("pooler.") && source.entries.has(names(path).name));
  const bert = new Bert({ ...config, pooler: config.pooler && hasPooler });
  const { unused } = await bert.load(source, backend, { names, ...options });
  return { bert, unused };
}
