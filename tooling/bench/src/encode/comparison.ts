import type { Agreement } from "../agreement.js";
import type { Precision } from "../precision.js";
import { type Summary, speedAgainst, summarize } from "../statistics.js";

/** Whom `encode` compares us with; "bertkit": with ourselves, on another number of threads or in another precision. */
export type RivalName =
  | "onnxruntime-node"
  | "onnxruntime-web"
  | "transformers.js"
  | "sentence-transformers"
  | "bertkit";

export const rivalNames: readonly RivalName[] = [
  "onnxruntime-node",
  "onnxruntime-web",
  "transformers.js",
  "sentence-transformers",
  "bertkit",
];

/** One kind of work, done by us and by a rival in turn. */
export interface Comparison {
  readonly model: string;
  /** Which texts: "8 × 128". */
  readonly work: string;
  readonly precision: Precision;
  readonly threads: number;
  readonly rival: RivalName;
  /** How the rival was given the texts, or what of ours it was. */
  readonly arrangement: string;
  /** Milliseconds a round. */
  readonly rivalTime: Summary;
  readonly ourTime: Summary;
  /** The rival's time over ours. */
  readonly speed: Summary;
  /** What we ran on. */
  readonly backend: string;
  /** Of either side's vectors with ours in float32. */
  readonly agreement: { readonly ours: Agreement; readonly rival: Agreement };
}

/** What the two sides took, round by round, as a comparison has it. */
export const timesOf = (
  rival: readonly number[],
  ours: readonly number[],
): Pick<Comparison, "rivalTime" | "ourTime" | "speed"> => ({
  rivalTime: summarize(rival),
  ourTime: summarize(ours),
  speed: speedAgainst(rival, ours),
});
