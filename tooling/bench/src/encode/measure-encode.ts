import { inChild } from "../in-child.js";
import { describeMachine, type Machine } from "../machine.js";
import { modelName } from "../model-files.js";
import type { BenchOptions } from "../options.js";
import type { Precision } from "../precision.js";
import { stsTexts } from "../sts-texts.js";
import { batchesOf } from "./compare-texts.js";
import type { Comparison, RivalName } from "./comparison.js";
import type { EncodeConfiguration } from "./configuration.js";

export interface EncodeResult {
  readonly program: "encode";
  readonly machine: Machine;
  readonly model: string;
  readonly comparisons: readonly Comparison[];
  /** What could not be compared, and why. */
  readonly absent: readonly string[];
}

const defaultRounds = 20;
const defaultWarmUp = 3;
// ONNX Runtime's threads spin for some milliseconds before they sleep.
const pause = 50;

/** Every rival in both precisions on each number of threads, a process each. */
export async function measureEncode(options: BenchOptions): Promise<EncodeResult> {
  const machine = describeMachine();
  const comparisons: Comparison[] = [];
  const absent: string[] = [];
  for (const configuration of configurationsOf(options)) {
    const { rival, precision, threads } = configuration;
    const what = `${rival}, ${precision}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
    console.error(what); // the result goes to standard output, and is long in coming
    const result = await inChild<Comparison[]>("encode/run-configuration.js", configuration);
    comparisons.push(...result);
    if (result.length === 0) absent.push(`${what}: ${rival} is not there`);
  }
  return { program: "encode", machine, model: modelName(options.model), comparisons, absent };
}

/** @throws Error where a rival takes texts, and there are none */
export function configurationsOf(options: BenchOptions): EncodeConfiguration[] {
  const { model, cases, python, rivals, threads, precisions } = options;
  return rivals.flatMap((rival) => {
    const rounds = options.rounds ?? (takesTexts(rival) ? batchesOf(stsTexts()).length : defaultRounds);
    return threads.flatMap((count) =>
      precisions
        .filter((precision) => isMeasured(rival, precision, count, options))
        .map((precision) => {
          const times = { warmUp: options.warmUp ?? defaultWarmUp, rounds, pause };
          return { model, rival, precision, threads: count, cases, python, ...times };
        }),
    );
  });
}

const takesTexts = (rival: RivalName): boolean => rival === "transformers.js" || rival === "sentence-transformers";

/** Ours are compared in both precisions, on one thread and on the most, in one process; PyTorch has float32 alone. */
function isMeasured(rival: RivalName, precision: Precision, threads: number, options: BenchOptions): boolean {
  if (rival === "sentence-transformers") return precision === "float32";
  return rival !== "bertkit" || (precision === options.precisions[0] && threads === Math.max(...options.threads));
}
