import {
  commonSpelling,
  type EncoderConfig,
  fieldsFromJson,
  type JsonFields,
  problemsOfEncoder,
  unsupportedFields,
} from "@bertkit/encoder-family";
import { ConfigError, showValue } from "@bertkit/layers";

/** What an ALBERT is made of. Lan et al. 2020, section 3; the defaults are ALBERT-xxlarge's. */
export interface AlbertConfig extends EncoderConfig {
  /** How many token types (segments) there are. */
  readonly typeVocabulary: number;
  /** Of the three tables; a linear map takes their sum to `width`. */
  readonly embeddingWidth: number;
  /** How many sets of parameters there are; neighbouring layers share one. */
  readonly groups: number;
  /** How many blocks, each with parameters of its own, a layer runs one after another. */
  readonly blocksPerLayer: number;
}

/** ALBERT-xxlarge, which is what transformers takes for what a configuration leaves out. */
export const albertXxlarge: AlbertConfig = {
  vocabulary: 30000,
  embeddingWidth: 128,
  width: 4096,
  layers: 12,
  groups: 1,
  blocksPerLayer: 1,
  heads: 64,
  innerWidth: 16384,
  activation: "gelu_new",
  maxPositions: 512,
  typeVocabulary: 2,
  hiddenDropout: 0,
  attentionDropout: 0,
  initializerDeviation: 0.02,
  epsilon: 1e-12,
  pooler: true,
};

/**
 * `AlbertConfig` from any of its fields; the others are ALBERT-xxlarge's. Throws `ConfigError` that lists all that is
 * wrong.
 */
export function albertConfig(fields: Partial<AlbertConfig> = {}): AlbertConfig {
  const config = { ...albertXxlarge, ...fields };
  const { typeVocabulary, embeddingWidth, groups, blocksPerLayer } = config;
  const extents = { typeVocabulary, embeddingWidth, groups, blocksPerLayer };
  const problems = [...problemsOfEncoder(config, extents), ...tooManyBlocks(config)];
  if (problems.length > 0) throw new ConfigError("this ALBERT configuration cannot be", problems);
  return config;
}

/**
 * An `AlbertConfig` from a Hugging Face `config.json`; what it leaves out is as in transformers.
 * Throws `ConfigError` that lists all that is wrong, also for a model that is no ALBERT.
 */
export function albertConfigFromHuggingFace(json: unknown): AlbertConfig {
  const { fields, problems, rest } = fieldsFromJson(json, huggingFaceSpelling, albertXxlarge);
  const type = rest.get("model_type");
  if (type !== undefined && type !== "albert") {
    problems.push(`model_type is ${showValue(type)}; this package reads "albert"`);
  }
  problems.push(...unsupportedFields(rest, { position_embedding_type: "absolute" }));
  if (problems.length > 0) throw new ConfigError("this config.json does not describe an ALBERT", problems);
  return albertConfig(fields);
}

/** Our field by Hugging Face's (transformers, `AlbertConfig`). */
const huggingFaceSpelling: JsonFields<AlbertConfig> = {
  ...commonSpelling,
  type_vocab_size: "typeVocabulary",
  embedding_size: "embeddingWidth",
  num_hidden_groups: "groups",
  inner_group_num: "blocksPerLayer",
  layer_norm_eps: "epsilon",
};

/** As many as layers of another encoder may be: far above any ALBERT, far below what exhausts memory. */
const mostBlocks = 1024;

function tooManyBlocks({ layers, groups, blocksPerLayer }: AlbertConfig): string[] {
  const counts = { layers, groups };
  return Object.entries(counts).flatMap(([what, count]) =>
    count * blocksPerLayer > mostBlocks
      ? [`${what} · blocksPerLayer must be ${mostBlocks} at most, got ${count} · ${blocksPerLayer}`]
      : [],
  );
}
