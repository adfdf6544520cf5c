import type { Work } from "./tokenizer-result.js";

/** How many times as fast as a rival the project wants to be. */
export function wantedRatio(work: Work, isInPython: boolean): number {
  if (isInPython) return 4;
  return work === "ids" ? 3 : 2;
}

/** How many times as fast two worker threads shall be as one. */
export const wantedOfWorkers = 1.6;
