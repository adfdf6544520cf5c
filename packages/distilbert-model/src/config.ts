import { type EncoderConfig, fieldsFromJson, type JsonFields, problemsOfEncoder } from "@bertkit/encoder-family";
import { ConfigError, showValue } from "@bertkit/layers";

/** What a DistilBERT is made of. Sanh et al. 2019, section 3; the defaults are DistilBERT-base's. */
export interface DistilBertConfig extends EncoderConfig {
  /** What fresh positions are: "sinusoidal" ones are the original Transformer's waves, and are not trained. */
  readonly positions: "learned" | "sinusoidal";
}

/** DistilBERT-base, uncased. */
export const distilBertBase: DistilBertConfig = {
  vocabulary: 30522,
  width: 768,
  layers: 6,
  heads: 12,
  innerWidth: 3072,
  activation: "gelu",
  maxPositions: 512,
  positions: "learned",
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  initializerDeviation: 0.02,
  epsilon: 1e-12,
  pooler: true,
};

/**
 * `DistilBertConfig` from any of its fields; the others are DistilBERT-base's. Throws `ConfigError` that lists all that
 * is wrong.
 */
export function distilBertConfig(fields: Partial<DistilBertConfig> = {}): DistilBertConfig {
  const config = { ...distilBertBase, ...fields };
  const problems = problemsOfEncoder(config);
  const { positions } = config;
  if (positions !== "learned" && positions !== "sinusoidal") {
    problems.push(`positions must be "learned" or "sinusoidal", got ${showValue(positions)}`);
  }
  if (problems.length > 0) throw new ConfigError("this DistilBERT configuration cannot be", problems);
  return config;
}

/** Our field by Hugging Face's (transformers, `DistilBertConfig`), which knows some by their common name as well. */
const spelling: JsonFields<DistilBertConfig> = {
  vocab_size: "vocabulary",
  dim: "width",
  hidden_size: "width",
  n_layers: "layers",
  num_hidden_layers: "layers",
  n_heads: "heads",
  num_attention_heads: "heads",
  hidden_dim: "innerWidth",
  activation: "activation",
  max_position_embeddings: "maxPositions",
  dropout: "hiddenDropout",
  attention_dropout: "attentionDropout",
  initializer_range: "initializerDeviation",
};

/**
 * A `DistilBertConfig` from a Hugging Face `config.json`; what it leaves out is as in transformers. Throws
 * `ConfigError` that lists all that is wrong, also for a model that is no DistilBERT.
 */
export function distilBertConfigFromHuggingFace(json: unknown): DistilBertConfig {
  const { fields, problems, rest } = fieldsFromJson(json, spelling, distilBertBase);
  const type = rest.get("model_type");
  if (type !== undefined && type !== "distilbert") {
    problems.push(`model_type is ${showValue(type)}; this package reads "distilbert"`);
  }
  const sinusoidal = rest.get("sinusoidal_pos_embds") ?? false;
  if (typeof sinusoidal !== "boolean") {
    problems.push(`sinusoidal_pos_embds must be true or false, got ${showValue(sinusoidal)}`);
  }
  if (problems.length > 0) throw new ConfigError("this config.json does not describe a DistilBERT", problems);
  return distilBertConfig({ ...fields, positions: sinusoidal ? "sinusoidal" : "learned" });
}
