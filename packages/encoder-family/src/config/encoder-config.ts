import { activationNames, showValue } from "@bertkit/layers";

/** What the configuration of every encoder says; that of a family may say more. */
export interface EncoderConfig {
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
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  /** Standard deviation of fresh weights. */
  readonly initializerDeviation: number;
  /** Of every LayerNorm. */
  readonly epsilon: number;
  /** Whether there is a layer over the first token. */
  readonly pooler: boolean;
  /** Whether a token sees only those before it. */
  readonly causal?: boolean;
}

// Far above any BERT, far below what would exhaust memory while a model is only being described.
const largest = { layers: 1024, others: 2 ** 24 };

const counts = ["vocabulary", "width", "layers", "heads", "innerWidth", "maxPositions"] as const;

/**
 * All that is wrong with what every encoder's configuration says.
 * @param more further extents, such as `typeVocabulary`, that must be whole and at least 1
 */
export function problemsOfEncoder(config: EncoderConfig, more: Readonly<Record<string, unknown>> = {}): string[] {
  return [...wrongCounts(config, more), ...wrongNumbers(config), ...wrongChoices(config)];
}

function wrongCounts(config: EncoderConfig, more: Readonly<Record<string, unknown>>): string[] {
  const extents = [...counts.map((field) => [field, config[field]] as const), ...Object.entries(more)];
  const problems = extents.flatMap(([field, value]) => {
    const [least, most] = field === "layers" ? [0, largest.layers] : [1, largest.others];
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return [];
    return [`${field} must be a whole number from ${least} to ${most}, got ${showValue(value)}`];
  });
  const { width, heads } = config;
  if (problems.length === 0 && width % heads !== 0) return [`${heads} heads do not divide a width of ${width}`];
  return problems;
}

function wrongNumbers(config: EncoderConfig): string[] {
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

function wrongChoices({ activation, pooler }: EncoderConfig): string[] {
  const problems: string[] = [];
  if (!activationNames.includes(activation)) {
    problems.push(`activation ${showValue(activation)} is not known (known: ${activationNames.join(", ")})`);
  }
  if (typeof pooler !== "boolean") problems.push(`pooler must be true or false, got ${showValue(pooler)}`);
  return problems;
}
