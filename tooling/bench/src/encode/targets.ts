import { newestNode } from "../node-version.js";
import type { Precision } from "../precision.js";
import type { Comparison, RivalName } from "./comparison.js";

/** Speeds that the project set itself: what is wanted at least, and what would be equal to the rival's. */
export interface Target {
  readonly least: number;
  readonly aim?: number;
}

type Compared = Pick<Comparison, "model" | "work" | "precision" | "rival" | "arrangement">;

interface Row extends Partial<Record<Precision, Target>> {
  readonly rival: RivalName;
  /** Any, where it is left out. */
  readonly work?: string;
  readonly arrangement?: RegExp;
  /** What the model's name contains; MiniLM, where it is left out. */
  readonly model?: RegExp;
}

const miniLm = /minilm/i;
const bertBase = /bert-base/i;
const onePaddedBatch = /^one batch$/;
const better = /^(sorted|one by one)/;
const oneThread = /, 1 thread$/;
const alone: Row["float32"] = { least: 0.8, aim: 1 };
const aloneInt8: Row["int8"] = { least: 0.65, aim: 0.9 };

const rows: readonly Row[] = [
  { rival: "onnxruntime-node", work: "1 × 128", float32: alone, int8: aloneInt8 },
  { rival: "onnxruntime-node", work: "8 × 128", float32: alone, int8: aloneInt8 },
  {
    rival: "onnxruntime-node",
    work: "32 mixed",
    arrangement: onePaddedBatch,
    float32: { least: 2.2 },
    int8: { least: 1.7 },
  },
  {
    rival: "onnxruntime-node",
    work: "32 mixed",
    arrangement: better,
    float32: { least: 0.85, aim: 1 },
    int8: { least: 0.6 },
  },
  { rival: "onnxruntime-node", work: "8 × 128", model: bertBase, float32: { least: 0.8 }, int8: { least: 0.6 } },
  { rival: "transformers.js", work: "texts", float32: { least: 1.5 }, int8: { least: 1.2 } },
  { rival: "onnxruntime-web", arrangement: onePaddedBatch, float32: { least: 1.6 }, int8: { least: 1.6 } },
  { rival: "bertkit", work: "8 × 128", arrangement: oneThread, float32: { least: 1.7 }, int8: { least: 1.7 } },
  { rival: "bertkit", work: "1 × 16", arrangement: oneThread, float32: { least: 1 }, int8: { least: 1 } },
];

/** Rivals are to be met on the newest Node, where products are widest. */
const newestMajor = Number.parseInt(newestNode, 10);

/** What is wanted of a comparison on this version of Node; undefined where nothing was set. */
export function targetOf(compared: Compared, nodeVersion: string): Target | undefined {
  const { model, work, precision, rival, arrangement } = compared;
  const major = Number.parseInt(nodeVersion, 10);
  if (rival !== "bertkit" && major < newestMajor) return undefined;
  if (rival === "bertkit" && arrangement.startsWith("float32") && precision === "int8") {
    // Compilers before Node 24's gain less from int8.
    return work === "8 × 128" && miniLm.test(model) ? { least: major < 24 ? 1.3 : 1.6 } : undefined;
  }
  const row = rows.find(
    (candidate) =>
      candidate.rival === rival &&
      (candidate.work ?? work) === work &&
      (candidate.model ?? miniLm).test(model) &&
      (candidate.arrangement?.test(arrangement) ?? true),
  );
  return row?.[precision];
}
