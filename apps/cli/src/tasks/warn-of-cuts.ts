import { warn } from "../terminal/notices.js";
import type { OpenModel } from "./open-task-model.js";

/** So many tokens at most, and the flag that sets another number. */
export interface TokenLimit {
  readonly tokens: number;
  /** Such as "--max-length"; with what bounds it in turn, where something does. */
  readonly flag: string;
  readonly bound?: string;
}

/** How many inputs there were, and how many of them lost tokens. */
export interface CutInputs {
  readonly inputs: number;
  readonly truncated: number;
  /** What they are. Default "inputs". */
  readonly noun?: string;
}

/** What cuts the inputs of a model. */
export function lengthLimitOf({ maxLength }: Pick<OpenModel, "maxLength">): TokenLimit {
  return { tokens: maxLength, flag: "--max-length", bound: "the model's positions (bertkit info)" };
}

/** Says how many inputs lost tokens, if any did. */
export function warnOfCuts(
  { inputs, truncated, noun = "inputs" }: CutInputs,
  { tokens, flag, bound }: TokenLimit,
): void {
  if (truncated === 0) return;
  const upTo = bound === undefined ? "" : `, up to ${bound}`;
  warn(`${truncated} of ${inputs} ${noun} were cut to ${tokens} tokens; ${flag} sets another limit${upTo}`);
}
