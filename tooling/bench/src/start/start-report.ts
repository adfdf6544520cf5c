import type { Precision } from "../precision.js";

/** What a freshly started process is to do. */
export interface StartInput {
  readonly model: string;
  readonly text: string;
  /** The text's tokens, for a side without a tokenizer. */
  readonly ids: readonly number[];
  readonly precision: Precision;
  readonly threads: number;
}

/** What it says once it has its first vector. */
export interface StartReport {
  /** Resident memory then, in bytes. */
  readonly resident: number;
  /** The most it was until then. */
  readonly residentPeak: number;
  readonly vector: readonly number[];
  /** The text's tokens. */
  readonly ids: readonly number[];
}
