import type { Outcome } from "./try-input.js";

/** What a process that tries inputs tells the one that started it. */
export type Message =
  | { readonly kind: "tally"; readonly outcomes: readonly (readonly [outcome: Outcome, cases: number])[] }
  | { readonly kind: "finding"; readonly number: number; readonly problem: string };

/** What it is to do, as its argument has it in JSON. */
export interface Order {
  readonly parser: string;
  readonly seed: number;
  /** The number of the first case. */
  readonly from: number;
  readonly seconds: number;
  /** A file that always has, in 8 bytes, the number of the case that is being tried. */
  readonly progress: string;
}
