import type { CommonFlags } from "../definitions/options.js";

/** Whether a person watches who wants to see progress. */
export function showsProgress({ quiet, progress }: CommonFlags): boolean {
  return process.stderr.isTTY === true && quiet !== true && progress !== false;
}
