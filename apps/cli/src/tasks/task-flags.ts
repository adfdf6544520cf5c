import type { CommonFlags, ComputeFlags } from "../flags.js";
import type { InputFlags } from "../input/open-rows.js";
import type { ResultFlags } from "../similar/result-forms.js";

/** The flags of every command that asks a model with a head. */
export interface TaskFlags extends CommonFlags, ComputeFlags, InputFlags, ResultFlags {
  /** Two columns that make a pair. */
  readonly fields?: readonly string[];
}
