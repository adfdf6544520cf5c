import { ConfigError } from "@bertkit/layers";
import { isActivationName } from "../activations.js";

/** What a BERT is made of. Devlin et al. 2019, section 3; the defaults are BERT-base's. */
export interface BertConfig {
  /** How many tokens the vocabulary has. */
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly innerWidth: number;
  /** The name of the activation between the feed-forward's two maps, as Hugging Face spells it: "gelu" is exact. */
  readonly activation: string;
  /** The longest sequence, in tokens. */
  readonly maxPositions: number;
  /** How many token types (segments) there are. */
  readonly typeVocabulary: number;
  /** "sinusoidal": the original Transformer's fixed waves (Vaswani et al. 2017, section 3.5). */
  readonly positions: "learned" | "sinusoidal";
  /** Whether a token sees only those before it. */
  readonly causal: boolean;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  /** Standard deviation of fresh weights. */
  readonly initializerDeviation: number;
  /** Of every LayerNorm. */
  readonly epsilon: number;
  /** Whether there is a tanh layer over the first token. */
  readonly pooler: boolean;
}

/** BERT-base, uncased. */
export const bertBase: BertConfig = {
  vocabulary: 30522,
  width: 768,
  layers: 12,
  heads: 12,
  innerWidth: 3072,
  activation: "gelu",
  maxPositions: 512,
  typeVocabulary: 2,
  positions: "learned",
  causal: false,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  initializerDeviation: 0.02,
  epsilon: 1e-12,
  pooler: true,
};

// Far above any BERT, far below what would exhaust memory while a model is only being described.
const largest = 2 ** 24;

/** `BertConfig` from any of its fields; the others are BERT-base's. Throws `ConfigError` that lists all that is wrong. */
export function bertConfig(fields: Partial<BertConfig> = {}): BertConfig {
  const config = { ...bertBase, ...fields };
  const problems: string[] = [];
  const counts = ["vocabulary", "width", "layers", "heads", "innerWidth", "maxPositions", "typeVocabulary"] as const;
  for (const field of counts) {
    const least = field === "layers" ? 0 : 1;
    const value = config[field];
    if (!Number.isInteger(value) || value < least || value > largest) {
      problems.push(`${field} must be a whole number from ${least} to ${largest}, got ${JSON.stringify(value)}`);
    }
  }
  for (const field of ["hiddenDropout", "attentionDropout"] as const) {
    const rate = config[field];
    if (!(typeof rate === "number" && rate >= 0 && rate < 1)) {
      problems.push(`${field} must be a number from 0 up to 1, got ${JSON.stringify(rate)}`);
    }
  }
  for (const field of ["initializerDeviation", "epsilon"] as const) {
    const value = config[field];
    if (!(typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY)) {
      problems.push(`${field} must be a number, 0 or more, got ${JSON.stringify(value)}`);
    }
  }
  if (config.width % config.heads !== 0)
    problems.push(`${config.heads} heads do not divide a width of ${config.width}`);
  if (!isActivationName(config.activation)) problems.push(`unknown activation ${JSON.stringify(config.activation)}`);
  if (problems.length > 0) throw new ConfigError("this BERT configuration cannot be", problems);
  return config;
}
