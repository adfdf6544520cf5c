import type { Device, Precision } from "bertkit";

/** The flags that every command has. */
export interface CommonFlags {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly progress?: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
}

/** The flags that say which model, and where it may come from. */
export interface ModelFlags {
  readonly model?: string;
  readonly offline?: boolean;
}

/** The flags of every command that computes with a model. */
export interface ComputeFlags extends ModelFlags {
  readonly maxLength?: number;
  readonly batchTokens?: number;
  readonly device?: Device;
  readonly precision?: Precision;
  readonly threads?: number;
}
