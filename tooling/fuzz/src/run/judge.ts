import type { Input } from "../parser.js";
import { type Outcome, tryInput } from "./try-input.js";

/** What came of a case, and what is wrong with that. */
export interface Judgement {
  readonly outcome: Outcome;
  /** Undefined where all is as the package promises. */
  readonly problem?: string;
}

// Of the processor, so that a busy machine makes no findings.
const mostSeconds = 2;
// Beside what reading takes by the fuzzer's own limits: the arrays, and an archive unpacked.
const mostGrowth = 300 * 2 ** 20;

/** Opens and reads an input, and holds it against what is promised: nothing but `CheckpointError`, in bounds. */
export async function judge(input: Input): Promise<Judgement> {
  const memory = memoryInUse();
  const processor = process.cpuUsage();
  const { outcome, problem } = await tryInput(input).then(
    (outcome): Judgement => ({ outcome }),
    (error: unknown): Judgement => ({ outcome: "another error", problem: describe(error) }),
  );
  if (problem !== undefined) return { outcome, problem };
  const { user, system } = process.cpuUsage(processor);
  const seconds = (user + system) / 1e6;
  if (seconds > mostSeconds) return { outcome, problem: `it took ${seconds.toFixed(1)} s` };
  const growth = memoryInUse() - memory;
  if (growth > mostGrowth) return { outcome, problem: `it took ${Math.round(growth / 2 ** 20)} MiB` };
  return { outcome };
}

function memoryInUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : `${String(error)} was thrown`;
}
