import { commonSpelling, fieldsFromJson, type JsonFields } from "@bertkit/encoder-family";
import { ConfigError, showValue } from "@bertkit/layers";
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

/** What Google's `bert_config.json` says of a BERT, and what it cannot say. */
export interface GoogleConfig {
  readonly json: Readonly<Record<string, unknown>>;
  /** A sentence for each thing that Google's code, which has no field for it, will do otherwise; mostly none. */
  readonly differences: readonly string[];
}

/**
 * A `BertConfig` as Google's `bert_config.json`, the reverse of `bertConfigFromGoogle`. Throws `ConfigError` that lists
 * all that Google's code has not: a decoder, fixed positions, activations other than gelu, relu, tanh and linear.
 */
export function bertConfigToGoogle(config: BertConfig): GoogleConfig {
  const { activation, epsilon } = config;
  const spelled = googleActivations.get(activation);
  const problems = spelled === undefined ? [`its activation is ${showValue(activation)}`] : [];
  if (config.causal) problems.push("it is a decoder, whose tokens see only those before them");
  if (config.positions !== "learned") problems.push("its positions are fixed waves");
  if (problems.length > 0) throw new ConfigError("Google's bert_config.json cannot describe this BERT", problems);
  const entries = Object.entries(googleSpelling).map(([theirs, ours]) => [theirs, config[ours]]);
  const differences: string[] = [];
  if (activation === "gelu") {
    differences.push("gelu is exact here; Google's code takes its tanh form, up to 5e-4 away in each activation");
  }
  if (epsilon !== bertBase.epsilon) {
    differences.push(`LayerNorm's epsilon is ${epsilon} here; Google's code has ${bertBase.epsilon}`);
  }
  return { json: { ...Object.fromEntries(entries), hidden_act: spelled }, differences };
}

/** Ours → Google's. */
const googleActivations: ReadonlyMap<string, string> = new Map([
  ["gelu_new", "gelu"],
  ["gelu", "gelu"],
  ["relu", "relu"],
  ["tanh", "tanh"],
  ["linear", "linear"],
]);
