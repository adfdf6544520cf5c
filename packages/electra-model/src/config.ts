import {
  commonSpelling,
  type EncoderConfig,
  fieldsFromJson,
  type JsonFields,
  problemsOfEncoder,
  unsupportedFields,
} from "@bertkit/encoder-family";
import { ConfigError } from "@bertkit/layers";

/** What an ELECTRA is made of. Clark et al. 2020, appendix A; the defaults are ELECTRA-small's. */
export interface ElectraConfig extends EncoderConfig {
  /** How many token types (segments) there are. */
  readonly typeVocabulary: number;
  /** Of the word, position and type tables; where it is not the width, a linear map leads from one to the other. */
  readonly embeddingWidth: number;
}

/** ELECTRA-small, as its discriminator. */
export const electraSmall: ElectraConfig = {
  vocabulary: 30522,
  width: 256,
  layers: 12,
  heads: 4,
  innerWidth: 1024,
  activation: "gelu",
  maxPositions: 512,
  typeVocabulary: 2,
  embeddingWidth: 128,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  initializerDeviation: 0.02,
  epsilon: 1e-12,
  pooler: true,
};

/**
 * `ElectraConfig` from any of its fields; the others are ELECTRA-small's. Throws `ConfigError` that lists all that is
 * wrong.
 */
export function electraConfig(fields: Partial<ElectraConfig> = {}): ElectraConfig {
  const config = { ...electraSmall, ...fields };
  const { typeVocabulary, embeddingWidth } = config;
  const problems = problemsOfEncoder(config, { typeVocabulary, embeddingWidth });
  if (problems.length > 0) throw new ConfigError("this ELECTRA configuration cannot be", problems);
  return config;
}

/** Our field by Hugging Face's (transformers, `ElectraConfig`). */
const spelling: JsonFields<ElectraConfig> = {
  ...commonSpelling,
  embedding_size: "embeddingWidth",
  type_vocab_size: "typeVocabulary",
  layer_norm_eps: "epsilon",
};

/** What transformers can make otherwise and this package cannot: their field, and the only value that is read. */
const fixed = {
  model_type: "electra",
  position_embedding_type: "absolute",
  is_decoder: false,
  add_cross_attention: false,
};

/** The same of how a multiple-choice head sees a sequence; other models have no such part, whatever they say. */
const fixedForChoice = { summary_type: "first", summary_use_proj: true, summary_activation: "gelu" };

/**
 * An `ElectraConfig` from a Hugging Face `config.json`, a discriminator's or a generator's; what it leaves out is as in
 * transformers. Throws `ConfigError` that lists all that is wrong, also for a model that is no ELECTRA.
 */
export function electraConfigFromHuggingFace(json: unknown): ElectraConfig {
  const { fields, problems, rest } = fieldsFromJson(json, spelling, electraSmall);
  const architectures = rest.get("architectures");
  const choosesOne = Array.isArray(architectures) && architectures.includes("ElectraForMultipleChoice");
  problems.push(...unsupportedFields(rest, choosesOne ? { ...fixed, ...fixedForChoice } : fixed));
  if (problems.length > 0) throw new ConfigError("this config.json does not describe an ELECTRA", problems);
  return electraConfig(fields);
}
