import {
  commonSpelling,
  type EncoderConfig,
  fieldsFromJson,
  type JsonFields,
  problemsOfEncoder,
  unsupportedFields,
} from "@bertkit/encoder-family";
import { ConfigError, showValue } from "@bertkit/layers";

/** What a RoBERTa is made of. Liu et al. 2019, section 3; the defaults are transformers'. */
export interface RobertaConfig extends EncoderConfig {
  /** How many token types there are; most have 1, for RoBERTa was trained without. */
  readonly typeVocabulary: number;
  /** The row of the position table that a sequence's first token has: the one after the padding id's. */
  readonly positionOffset: number;
  /** Whether a token sees only those before it. */
  readonly causal: boolean;
}

/** RoBERTa-base's sizes, as transformers has them for what a configuration leaves out. */
export const robertaBase: RobertaConfig = {
  vocabulary: 50265,
  width: 768,
  layers: 12,
  heads: 12,
  innerWidth: 3072,
  activation: "gelu",
  maxPositions: 510,
  positionOffset: 2,
  typeVocabulary: 2,
  causal: false,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  initializerDeviation: 0.02,
  epsilon: 1e-12,
  pooler: true,
};

/**
 * `RobertaConfig` from any of its fields; the others are `robertaBase`'s. Throws `ConfigError` that lists all that is
 * wrong.
 */
export function robertaConfig(fields: Partial<RobertaConfig> = {}): RobertaConfig {
  const config = { ...robertaBase, ...fields };
  const { typeVocabulary, positionOffset, causal } = config;
  const problems = problemsOfEncoder(config, { typeVocabulary, positionOffset });
  if (typeof causal !== "boolean") problems.push(`causal must be true or false, got ${showValue(causal)}`);
  if (problems.length > 0) throw new ConfigError("this RoBERTa configuration cannot be", problems);
  return config;
}

/** Every `model_type` that is a RoBERTa. */
export const robertaModelTypes = ["roberta", "xlm-roberta", "camembert"] as const;

/**
 * A `RobertaConfig` from a Hugging Face `config.json` of RoBERTa, XLM-RoBERTa or CamemBERT; what it leaves out is as in
 * transformers. Throws `ConfigError` that lists all that is wrong, also for a model that is none of these.
 */
export function robertaConfigFromHuggingFace(json: unknown): RobertaConfig {
  const { fields, problems, rest } = fieldsFromJson(json, huggingFaceSpelling, huggingFaceDefaults);
  const { positionRows, paddingId, ...others } = { ...huggingFaceDefaults, ...fields };
  const type = rest.get("model_type") ?? "roberta";
  const positionOffset = paddingId + 1;
  const maxPositions = positionRows - positionOffset;
  if (maxPositions < 1) {
    const wanted = `more than ${positionOffset}, for the first position comes after that of pad_token_id`;
    problems.push(`max_position_embeddings must be ${wanted}, got ${positionRows}`);
  }
  problems.push(...unsupported(type, rest));
  if (problems.length > 0) throw new ConfigError("this config.json does not describe a RoBERTa", problems);
  const vocabulary = fields.vocabulary ?? (type === "roberta" ? robertaBase.vocabulary : 30522);
  return robertaConfig({ ...others, vocabulary, maxPositions, positionOffset });
}

/** What a `config.json` says. Its position table begins with rows for the ids up to the padding's. */
interface HuggingFaceFields extends RobertaConfig {
  readonly positionRows: number;
  readonly paddingId: number;
}

const huggingFaceDefaults: HuggingFaceFields = { ...robertaBase, positionRows: 512, paddingId: 1 };

/** Our field by Hugging Face's (transformers, `RobertaConfig`). */
const huggingFaceSpelling: JsonFields<HuggingFaceFields> = {
  ...commonSpelling,
  max_position_embeddings: "positionRows",
  pad_token_id: "paddingId",
  type_vocab_size: "typeVocabulary",
  is_decoder: "causal",
  layer_norm_eps: "epsilon",
};

function unsupported(type: unknown, rest: ReadonlyMap<string, unknown>): string[] {
  const problems: string[] = [];
  if (!robertaModelTypes.some((known) => known === type)) {
    const known = robertaModelTypes.map((name) => `"${name}"`).join(", ");
    problems.push(`model_type is ${showValue(type)}; this package reads ${known}`);
  }
  problems.push(...unsupportedFields(rest, { position_embedding_type: "absolute", add_cross_attention: false }));
  return problems;
}
