import { ConfigError, showValue } from "@bertkit/layers";
import { activationNames } from "../activations.js";

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
const largest = { layers: 1024, others: 2 ** 24 };

/** `BertConfig` from any of its fields; the others are BERT-base's. Throws `ConfigError` that lists all that is wrong. */
export function bertConfig(fields: Partial<BertConfig> = {}): BertConfig {
  const config = { ...bertBase, ...fields };
  const problems = [...wrongCounts(config), ...wrongNumbers(config), ...wrongChoices(config)];
  if (problems.length > 0) throw new ConfigError("this BERT configuration cannot be", problems);
  return config;
}

const counts = ["vocabulary", "width", "layers", "heads", "innerWidth", "maxPositions", "typeVocabulary"] as const;

function wrongCounts(config: BertConfig): string[] {
  const problems = counts.flatMap((field) => {
    const [least, most] = field === "layers" ? [0, largest.layers] : [1, largest.others];
    const value = config[field];
    if (Number.isInteger(value) && value >= least && value <= most) return [];
    return [`${field} must be a whole number from ${least} to ${most}, got ${showValue(value)}`];
  });
  const { width, heads } = config;
  if (problems.length === 0 && width % heads !== 0) return [`${heads} heads do not divide a width of ${width}`];
  return problems;
}

function wrongNumbers(config: BertConfig): string[] {
  const rates = (["hiddenDropout", "attentionDropout"] as const).flatMap((field) => {
    const rate = config[field];
    if (typeof rate === "number" && rate >= 0 && rate < 1) return [];
    return [`${field} must be a number from 0 up to 1, got ${showValue(rate)}`];
  });
  const scales = (["initializerDeviation", "epsilon"] as const).flatMap((field) => {
    const value = config[field];
    if (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY) return [];
    return [`${field} must be a number, 0 or more, got ${showValue(value)}`];
  });
  return [...rates, ...scales];
}

function wrongChoices({ activation, positions, causal, pooler }: BertConfig): string[] {
  const problems: string[] = [];
  if (!activationNames.includes(activation)) {
    problems.push(`activation ${showValue(activation)} is not known (known: ${activationNames.join(", ")})`);
  }
  if (positions !== "learned" && positions !== "sinusoidal") {
    problems.push(`positions must be "learned" or "sinusoidal", got ${showValue(positions)}`);
  }
  for (const [field, value] of Object.entries({ causal, pooler })) {
    if (typeof value !== "boolean") problems.push(`${field} must be true or false, got ${showValue(value)}`);
  }
  return problems;
}
