import { ConfigError } from "@bertkit/layers";
import { type Score, scores } from "./scores.js";

/** Throws `ConfigError` unless it is a whole number above 0. */
export function checkTop(top: number): void {
  if (Number.isSafeInteger(top) && top > 0) return;
  throw new ConfigError("top", [`it must be a whole number above 0, got ${top}`]);
}

/** Throws `ConfigError` for a score that there is none of, and for a threshold that it cannot reach. */
export function checkThreshold(threshold: number, score: Score): void {
  if (!scores.includes(score)) throw new ConfigError("score", [`it must be ${scores.join(" or ")}, got ${score}`]);
  const reachable = score === "dot" || threshold === -Infinity || (threshold >= -1 && threshold <= 1);
  if (reachable && !Number.isNaN(threshold)) return;
  const wanted = score === "dot" ? "a number" : "from -1 to 1, as cosines are";
  throw new ConfigError("threshold", [`it must be ${wanted}, got ${threshold}`]);
}
