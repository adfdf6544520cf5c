import { ConfigError, showValue } from "@bertkit/layers";
import type { EncoderConfig } from "./encoder-config.js";

/** Their field → ours. */
export type JsonFields<Config> = Readonly<Record<string, keyof Config & string>>;

/** What the configurations of google-research/bert, and of most families in Hugging Face's transformers, call things. */
export const commonSpelling: JsonFields<EncoderConfig> = {
  vocab_size: "vocabulary",
  hidden_size: "width",
  num_hidden_layers: "layers",
  num_attention_heads: "heads",
  intermediate_size: "innerWidth",
  hidden_act: "activation",
  max_position_embeddings: "maxPositions",
  hidden_dropout_prob: "hiddenDropout",
  attention_probs_dropout_prob: "attentionDropout",
  initializer_range: "initializerDeviation",
};

/** What `fieldsFromJson` finds. */
export interface FoundFields<Config> {
  readonly fields: Partial<Config>;
  /** A sentence for each value of the wrong type; who finds more that is wrong adds it. */
  readonly problems: string[];
  /** What `spelling` does not name. */
  readonly rest: ReadonlyMap<string, unknown>;
}

/**
 * Takes the fields that `spelling` names out of a parsed JSON object; each must be of the type that it has in `defaults`.
 * null counts as left out. Throws `ConfigError` unless it is an object.
 */
export function fieldsFromJson<Config extends object>(
  json: unknown,
  spelling: JsonFields<Config>,
  defaults: Config,
): FoundFields<Config> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new ConfigError("a model's configuration must be a JSON object", [`got ${showValue(json)}`]);
  }
  const fields: Partial<Config> = {};
  const rest = new Map<string, unknown>();
  const problems: string[] = [];
  for (const [theirs, value] of Object.entries(json)) {
    const ours = Object.hasOwn(spelling, theirs) ? spelling[theirs] : undefined;
    if (!ours || value === null) rest.set(theirs, value ?? undefined);
    else if (typeof value === typeof defaults[ours]) fields[ours] = value;
    else problems.push(`${theirs} must be a ${typeof defaults[ours]}, got ${showValue(value)}`);
  }
  return { fields, problems, rest };
}

/**
 * What a configuration asks for that is not there: fields that may have one value only, which is also what they are where
 * they are left out.
 * @param supported their name → that value
 */
export function unsupportedFields(
  rest: ReadonlyMap<string, unknown>,
  supported: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(supported).flatMap(([field, only]) => {
    const value = rest.get(field) ?? only;
    return value === only ? [] : [`${field} is ${showValue(value)}; supported is ${showValue(only)}`];
  });
}
