import type { Machine } from "../machine.js";
import type { Flatness } from "../memory/flatness.js";
import type { Summary } from "../statistics.js";

export interface AnswerResult {
  readonly program: "answer";
  readonly machine: Machine;
  readonly model: string;
  readonly runs: readonly AnswerRun[];
}

/** What the sides took on one number of threads. */
export interface AnswerRun {
  readonly threads: number;
  readonly backend: string;
  /** Questions of all counted rounds. */
  readonly questions: number;
  /** Ours, batched, comes first. */
  readonly sides: readonly MeasuredSide[];
  /** Of ours, with all these questions as one stream. */
  readonly stream: { readonly perSecond: number; readonly memory: Flatness };
}

export interface MeasuredSide {
  readonly name: string;
  /** Questions a second over all rounds. */
  readonly perSecond: number;
  /** Its time over ours. */
  readonly speed: Summary;
  /** Of the questions, the share whose answer is ours. */
  readonly same: number;
}

/** What a run on one number of threads is told. */
export interface AnswerInput {
  /** With its random head. */
  readonly folder: string;
  readonly threads: number;
  readonly python: string;
  readonly warmUp: number;
  /** As many as one pass over SQuAD's dev set takes where absent. */
  readonly rounds: number | undefined;
}
