import { type EncoderConfig, problemsOfEncoder } from "@bertkit/encoder-family";
import { ConfigError, showValue } from "@bertkit/layers";

/** What a BERT is made of. Devlin et al. 2019, section 3; the defaults are BERT-base's. */
export interface BertConfig extends EncoderConfig {
  /** How many token types (segments) there are. */
  readonly typeVocabulary: number;
  /** "sinusoidal": the original Transformer's fixed waves (Vaswani et al. 2017, section 3.5). */
  readonly positions: "learned" | "sinusoidal";
  /** Whether a token sees only those before it. */
  readonly causal: boolean;
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

/** `BertConfig` from any of its fields; the others are BERT-base's. Throws `ConfigError` that lists all that is wrong. */
export function bertConfig(fields: Partial<BertConfig> = {}): BertConfig {
  const config = { ...bertBase, ...fields };
  const { typeVocabulary } = config;
  const problems = [...problemsOfEncoder(config, { typeVocabulary }), ...wrongChoices(config)];
  if (problems.length > 0) throw new ConfigError("this BERT configuration cannot be", problems);
  return config;
}

function wrongChoices({ positions, causal }: BertConfig): string[] {
  const problems: string[] = [];
  if (positions !== "learned" && positions !== "sinusoidal") {
    problems.push(`positions must be "learned" or "sinusoidal", got ${showValue(positions)}`);
  }
  if (typeof causal !== "boolean") problems.push(`causal must be true or false, got ${showValue(causal)}`);
  return problems;
}
