import type { PoolingMode, Score } from "bertkit";
import type { CommonFlags, ComputeFlags } from "../flags.js";
import type { InputFlags } from "../input/open-rows.js";
import type { ResultFlags } from "./result-forms.js";

/** The flags of `bertkit similar`. */
export interface SimilarFlags extends CommonFlags, ComputeFlags, InputFlags, ResultFlags {
  /** Two columns to compare row by row. */
  readonly fields?: readonly string[];
  readonly top?: number;
  readonly threshold?: number;
  readonly score?: Score;
  readonly pooling?: PoolingMode;
  readonly dimensions?: number;
  /** Of queries; of all texts where there are none. */
  readonly prompt?: string;
  readonly promptName?: string;
  /** Of the texts that are searched. */
  readonly documentPrompt?: string;
  readonly documentPromptName?: string;
}
