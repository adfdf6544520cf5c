import { ConfigError } from "@bertkit/layers";

/** A text, or a pair of texts, as the attention of a model saw it. */
export interface AttentionText {
  readonly text: string;
  readonly pair?: string | undefined;
  /** [tokens] The special tokens included. */
  readonly tokens: readonly string[];
  /** [2 · tokens] Start and end in the text of its sequence, in UTF-16 units. */
  readonly ranges: Int32Array;
  /** [tokens] 0 for the first text, 1 for the second; -1 for special tokens. */
  readonly sequenceIds: Int32Array;
  /** A layer each: probabilities, [heads, tokens, tokens]; a row is what one token's query gives to every key. */
  readonly attention: readonly Float32Array[];
}

/** How many layers and heads the attention of texts has. */
export interface AttentionExtents {
  readonly layers: number;
  readonly heads: number;
}

/** Softmax in float32 may end so far outside of 0 to 1. */
const rounding = 1e-4;

/**
 * The layers and heads that all texts have, 0 of each without texts. Throws `ConfigError`, which lists all that does
 * not fit, and names scores that were given in place of probabilities.
 */
export function attentionExtents(what: string, texts: readonly AttentionText[]): AttentionExtents {
  const problems = texts.flatMap((text, i) => textProblems(text).map((problem) => `text ${i} ${problem}`));
  if (problems.length > 0) throw new ConfigError(what, problems);
  const extents = texts.map(({ tokens, attention }) => ({
    layers: attention.length,
    heads: (attention[0]?.length ?? 0) / tokens.length ** 2,
  }));
  const first = extents[0] ?? { layers: 0, heads: 0 };
  const other = extents.findIndex(({ layers, heads }) => layers !== first.layers || heads !== first.heads);
  if (other < 0) return first;
  const said = ({ layers, heads }: AttentionExtents): string => `${layers} layers of ${heads} heads`;
  throw new ConfigError(what, [
    `texts must have one model's attention: text 0 has ${said(first)}, text ${other} ${said(extents[other]!)}`,
  ]);
}

function textProblems({ tokens, ranges, sequenceIds, attention }: AttentionText): string[] {
  const n = tokens.length;
  if (n === 0) return ["has no tokens"];
  const problems: string[] = [];
  if (ranges.length !== 2 * n)
    problems.push(`has ${n} tokens and ${ranges.length} numbers for their ranges, not ${2 * n}`);
  if (sequenceIds.length !== n) problems.push(`has ${n} tokens and ${sequenceIds.length} sequence ids`);
  const first = attention[0]?.length ?? 0;
  for (const [layer, weights] of attention.entries()) {
    if (weights.length === 0 || weights.length % (n * n) !== 0 || weights.length !== first) {
      problems.push(
        `has ${weights.length} attention weights in layer ${layer}, not heads × ${n} × ${n} as in the others`,
      );
      continue;
    }
    const at = firstScore(weights);
    if (at >= 0) problems.push(`has ${weights[at]} in layer ${layer}: attention must be probabilities, not scores`);
  }
  return problems;
}

/** Where the first number is that no probability can be; -1 where all can. A loop: there may be a hundred million. */
function firstScore(weights: Float32Array): number {
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= -rounding && weight <= 1 + rounding)) return i;
  }
  return -1;
}
