import { fieldsFromJson, type JsonFields, unsupportedFields } from "@bertkit/encoder-family";
import { ConfigError, showValue } from "@bertkit/layers";
import { type BertConfig, bertBase, bertConfig } from "./bert-config.js";
import { googleSpelling } from "./google.js";

/** Our field by Hugging Face's (transformers, `BertConfig`), which took Google's over. */
const spelling: JsonFields<BertConfig> = { ...googleSpelling, is_decoder: "causal", layer_norm_eps: "epsilon" };

/**
 * A `BertConfig` from a Hugging Face `config.json`; what it leaves out is as in transformers.
 * Throws `ConfigError` that lists all that is wrong, also for a model that is no BERT.
 */
export function bertConfigFromHuggingFace(json: unknown): BertConfig {
  const { fields, problems, rest } = fieldsFromJson(json, spelling, bertBase);
  const type = rest.get("model_type");
  if (type !== undefined && type !== "bert") {
    problems.push(`model_type is ${showValue(type)}; this package reads "bert"`);
  }
  problems.push(...unsupportedFields(rest, { position_embedding_type: "absolute", add_cross_attention: false }));
  if (problems.length > 0) throw new ConfigError("this config.json does not describe a BERT", problems);
  return bertConfig(fields);
}

/** What Hugging Face's `config.json` says of a BERT, the reverse of `bertConfigFromHuggingFace`. */
export function bertConfigToHuggingFace(config: BertConfig): Readonly<Record<string, unknown>> {
  const entries = Object.entries(spelling).map(([theirs, ours]) => [theirs, config[ours]]);
  return { model_type: "bert", ...Object.fromEntries(entries) };
}
