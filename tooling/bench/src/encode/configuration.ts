import type { Rounds } from "../interleave.js";
import type { Precision } from "../precision.js";
import type { RivalName } from "./comparison.js";

/** What one process of `encode` measures. */
export interface EncodeConfiguration extends Rounds {
  /** A folder that tooling/export-onnx wrote. */
  readonly model: string;
  readonly rival: RivalName;
  readonly precision: Precision;
  readonly threads: number;
  /** Keys of the sentence cases that are measured on ids. */
  readonly cases: readonly string[];
  /** Which Python may have sentence-transformers. */
  readonly python: string;
}

// All sides compute in float32, in different orders; their vectors have length 1.
const largestDifferenceAllowed = 1e-5;

/** @throws Error where float32 vectors are not the same: it is another model, or a mistake */
export function checkAgreement(what: string, precision: Precision, difference: number): void {
  if (precision === "float32" && !(difference <= largestDifferenceAllowed)) {
    throw new Error(`${what}: the rival's vectors differ from ours by ${difference}: is it the same model?`);
  }
}
