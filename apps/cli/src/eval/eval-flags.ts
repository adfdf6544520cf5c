import type { Device, Precision } from "bertkit";
import type { CommonFlags, ModelFlags } from "../flags.js";

/** The flags of every `bertkit eval` command. */
export interface EvalFlags extends CommonFlags, ModelFlags {
  /** What is right: a file, or a folder of files that belong together. */
  readonly data: string;
  /** What was answered; without it a model is asked. */
  readonly predictions?: string;
  /** So many of the data's first examples. */
  readonly limit?: number;
  /** Where the model's answers are written. */
  readonly output?: string;
  readonly resume?: true;
  readonly restart?: true;
  readonly maxLength?: number;
  readonly batchTokens?: number;
  readonly device?: Device;
  readonly precision?: Precision;
  readonly threads?: number;
}
