import type { CheckpointSource } from "@bertkit/checkpoint";
import { type LoadOptions, quantize } from "@bertkit/layers";
import type { Backend } from "@bertkit/tensor";
import { Bert } from "./bert.js";
import type { BertConfig } from "./config/bert-config.js";
import { findNames } from "./names/find-names.js";
import { choosePrecision, type Precision } from "./precision.js";

export interface LoadBertOptions extends Omit<LoadOptions, "names"> {
  /** "int8": float weights are quantised as they are read, for inference. By default what the file holds. */
  readonly precision?: Precision | undefined;
}

/**
 * A BERT from a checkpoint in any known spelling, with or without a prefix. A configuration that asks for a pooler gets
 * one only if the file has one. Throws `CheckpointMismatchError` that lists all that is missing or of another shape,
 * and `ConfigError` where float32 is asked of a file that holds int8.
 */
export async function loadBert(
  source: CheckpointSource,
  config: BertConfig,
  backend: Backend,
  { precision: wanted, ...options }: LoadBertOptions = {},
): Promise<{ bert: Bert; unused: readonly string[] }> {
  const paths = Array.from(new Bert(config).parameters(), ([path]) => path);
  const names = findNames(paths, source.entries);
  const tableDType = source.entries.get(names("embeddings.word.weight").name)?.dtype;
  const precision = choosePrecision(source, tableDType, wanted);
  const hasPooler = paths.some((path) => path.startsWith("pooler.") && source.entries.has(names(path).name));
  const bert = new Bert({ ...config, pooler: config.pooler && hasPooler });
  if (precision === "int8") await quantize(bert);
  const { unused } = await bert.load(source, backend, { ...options, names });
  return { bert, unused };
}
