import { commonSpelling, fieldsFromJson, type JsonFields } from "@bertkit/encoder-family";
import { ConfigError } from "@bertkit/layers";
import { type BertConfig, bertBase, bertConfig } from "./bert-config.js";

/** Our field by Google's (google-research/bert, modeling.py, `BertConfig`). */
export const googleSpelling: JsonFields<BertConfig> = { ...commonSpelling, type_vocab_size: "typeVocabulary" };

/**
 * A `BertConfig` from Google's `bert_config.json`. Google's "gelu" is the tanh approximation, and what is left out has
 * Google's defaults (16 token types). Throws `ConfigError` that lists all that is wrong.
 */
export function bertConfigFromGoogle(json: unknown): BertConfig {
  const { fields, problems, rest } = fieldsFromJson(json, googleSpelling, bertBase);
  if (fields.vocabulary === undefined) problems.push("vocab_size is missing");
  if (problems.length > 0) throw new ConfigError("this bert_config.json does not describe a BERT", problems);
  // Left out it is gelu; null is Google's way to say that there is none.
  const { activation = rest.has("hidden_act") ? "linear" : "gelu", ...others } = fields;
  return bertConfig({ typeVocabulary: 16, ...others, activation: activation === "gelu" ? "gelu_new" : activation });
}
