import type { CommonFlags } from "../flags.js";

/** Whether a person watches who wants to see progress. */
export function showsProgress({ quiet, progress }: CommonFlags): boolean {
  return process.stderr.isTTY === true && quiet !== true && progress !== false;
}
