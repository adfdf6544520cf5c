import type { Values } from "@bertkit/tensor";

/** Logits to probabilities that sum to 1: eˣ / Σ eˣ. */
export function softmaxOf(logits: Values): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (const logit of logits) largest = Math.max(largest, logit);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  let sum = 0;
  for (const power of powers) sum += power;
  return powers.map((power) => power / sum);
}

/** A logit to a probability of its own: 1 / (1 + e⁻ˣ). */
export const sigmoidOf = (logit: number): number => 1 / (1 + Math.exp(-logit));
