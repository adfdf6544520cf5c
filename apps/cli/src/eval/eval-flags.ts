import type { CommonFlags, ComputeFlags } from "../flags.js";
import type { ResumeFlags } from "../output/check-unfinished.js";

/** The flags of every `bertkit eval` command. */
export interface EvalFlags extends CommonFlags, ComputeFlags, ResumeFlags {
  /** What is right: a file, or a folder of files that belong together. */
  readonly data: string;
  /** What was answered; without it a model is asked. */
  readonly predictions?: string;
  /** So many of the data's first examples. */
  readonly limit?: number;
  /** Where the model's answers are written. */
  readonly output?: string;
}
