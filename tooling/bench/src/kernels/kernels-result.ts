import type { Rounds } from "../interleave.js";
import type { Machine } from "../machine.js";
import type { Precision } from "../precision.js";
import type { Summary } from "../statistics.js";
import type { ProductShape } from "./product-shapes.js";
import type { KernelTime } from "./timed-backend.js";

/** What one process of `kernels` is to do. */
export interface KernelsInput extends Rounds {
  readonly model: string;
  readonly threads: number;
  readonly precisions: readonly Precision[];
}

/** How fast one side multiplies. */
export interface ProductRate {
  readonly side: string;
  readonly precision: Precision;
  readonly shape: ProductShape;
  /** Thousand million operations a second; a multiplication and an addition are two. */
  readonly rate: Summary;
}

/** Where the time of a forward pass over eight texts of 128 tokens goes. */
export interface ForwardTimes {
  readonly backend: string;
  readonly precision: Precision;
  /** Medians of a pass, in milliseconds. */
  readonly total: number;
  readonly kernels: readonly KernelTime[];
}

export interface KernelsOfThreads {
  readonly threads: number;
  readonly products: readonly ProductRate[];
  readonly forward: readonly ForwardTimes[];
}

export interface KernelsResult {
  readonly program: "kernels";
  readonly machine: Machine;
  readonly model: string;
  readonly rounds: number;
  readonly threads: readonly KernelsOfThreads[];
}
