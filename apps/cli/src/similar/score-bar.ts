import type { Style } from "../terminal/colors.js";

/** A bar of up to so many columns, in eighths of a column, for a share from 0 to 1; outside it is empty or full. */
export function scoreBar(share: number, columns: number): string {
  const eighths = Math.round(8 * columns * Math.min(1, Math.max(0, share)));
  const rest = eighths % 8;
  return ("█".repeat(Math.floor(eighths / 8)) + (rest > 0 ? partial[rest - 1] : "")).padEnd(columns);
}

const partial = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** The colour of a cosine: the same words, the same matter, something in common, little. */
export function cosineStyle(cosine: number): Style {
  if (cosine >= 0.75) return "green";
  if (cosine >= 0.5) return "cyan";
  return cosine >= 0.3 ? "yellow" : "dim";
}

/** A score with three decimals. */
export function scoreText(score: number): string {
  return score.toFixed(3).replace(/^-(0\.000)$/, "$1");
}
