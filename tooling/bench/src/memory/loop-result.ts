import type { Precision } from "../precision.js";

/** What a process of `memory` is to do. */
export interface LoopInput {
  readonly side: "bertkit" | "transformers.js";
  readonly model: string;
  readonly precision: Precision;
  readonly threads: number;
  readonly texts: number;
}

export interface MemorySample {
  /** Encoded so far. */
  readonly texts: number;
  /** Resident memory of the process then, in bytes. */
  readonly resident: number;
}

export interface LoopResult {
  /** What it ran on. */
  readonly backend: string;
  /** After the first text, then evenly spread. */
  readonly samples: readonly MemorySample[];
  /** Processor time over a second without work, as a share of one core. */
  readonly idleShare: number;
}
