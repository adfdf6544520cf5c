import type { Rounds } from "../interleave.js";
import type { Machine } from "../machine.js";
import type { Summary } from "../statistics.js";

export interface TokenizerResult {
  readonly program: "tokenizer";
  readonly machine: Machine;
  readonly texts: readonly TextsRun[];
  readonly loads: readonly LoadRun[];
  readonly workers: WorkersRun;
}

/** What the sides took for one set of texts on one thread. */
export interface TextsRun extends TextsSize {
  readonly comparisons: readonly Comparison[];
  readonly rivals: readonly RivalIds[];
}

/** A set of texts. */
export interface TextsSize {
  readonly title: string;
  readonly lines: number;
  /** In UTF-8, without the ends of lines. */
  readonly bytes: number;
}

/** What our side is asked for. */
export type Work = "ids" | "ids, ranges and words";

/** Our side against a rival, round by round. */
export interface Comparison {
  readonly work: Work;
  readonly rival: string;
  /** Megabytes a second. */
  readonly ourSpeed: Summary;
  readonly rivalSpeed: Summary;
  /** The rival's time over ours. */
  readonly ratio: Summary;
  /** What the project set itself. */
  readonly wanted: number;
}

/** Whether a rival has our ids. */
export interface RivalIds {
  readonly rival: string;
  /** Of the lines, how many have other ids than ours. */
  readonly different: number;
  /** The first of them. */
  readonly example: DifferentIds | undefined;
}

/** Where two sides' ids of a line part. */
export interface DifferentIds {
  readonly text: string;
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** From a tokenizer.json on disk to the ids of a first word, in a process that has done nothing before. */
export interface LoadRun {
  readonly title: string;
  readonly tokens: number;
  readonly sides: readonly { readonly name: string; readonly milliseconds: Summary }[];
  /** Milliseconds at most, that the project set itself. */
  readonly wanted: number;
}

/** Large batches on two worker threads against one. */
export interface WorkersRun extends TextsSize {
  /** Megabytes a second. */
  readonly one: Summary;
  readonly two: Summary;
  readonly ratio: Summary;
  readonly wanted: number;
}

/** What a process that measures is told. */
export interface TextsInput extends Rounds {
  readonly set: number;
  /** Has a tokenizer.json. */
  readonly folder: string;
  readonly python: string;
}
