import type { Device, Precision } from "bertkit";
import type { CommonFlags, ModelFlags } from "../flags.js";
import type { InputFlags } from "../input/open-rows.js";
import type { ResultFlags } from "../similar/result-forms.js";

/** The flags of every command that asks a model with a head. */
export interface TaskFlags extends CommonFlags, ModelFlags, InputFlags, ResultFlags {
  /** Two columns that make a pair. */
  readonly fields?: readonly string[];
  readonly maxLength?: number;
  readonly batchTokens?: number;
  readonly device?: Device;
  readonly precision?: Precision;
  readonly threads?: number;
}
