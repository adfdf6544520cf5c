import type { CheckpointSource } from "@bertkit/checkpoint";
import { type LoadOptions, quantize } from "@bertkit/layers";
import type { Backend } from "@bertkit/tensor";
import type { EncoderConfig } from "./config/encoder-config.js";
import type { ConfiguredEncoder, EncoderFamily } from "./encoder-family.js";
import { findEncoderNames, holdsPooler } from "./names/find-names.js";
import type { HeadName } from "./names/head-names.js";
import { choosePrecision, type Precision } from "./precision.js";

export interface LoadEncoderOptions extends Omit<LoadOptions, "names"> {
  /** "int8": float weights are quantised as they are read, for inference. By default what the file holds. */
  readonly precision?: Precision | undefined;
  /** The head that will stand on the encoder: in some families it brings the pooler. */
  readonly head?: HeadName | undefined;
}

/**
 * An encoder of a family from a checkpoint in any spelling that the family knows. A configuration that asks for a pooler
 * gets one only if the file has one. Throws `CheckpointMismatchError` that lists all that is missing or of another shape,
 * and `ConfigError` where float32 is asked of a file that holds int8.
 */
export async function loadEncoder<Config extends EncoderConfig, Made extends ConfiguredEncoder<Config>>(
  family: EncoderFamily<Config, Made>,
  source: CheckpointSource,
  config: Config,
  backend: Backend,
  { precision: wanted, head, ...options }: LoadEncoderOptions = {},
): Promise<{ encoder: Made; unused: readonly string[] }> {
  const pooler = config.pooler && holdsPooler(family, source.entries, head);
  const encoder = family.create({ ...config, pooler });
  const paths = Array.from(encoder.parameters(), ([path]) => path);
  const names = findEncoderNames(family, paths, source.entries, head);
  const tableDType = source.entries.get(names("embeddings.word.weight").name)?.dtype;
  if (choosePrecision(source, tableDType, wanted) === "int8") await quantize(encoder);
  const { unused } = await encoder.load(source, backend, { ...options, names });
  return { encoder, unused };
}
