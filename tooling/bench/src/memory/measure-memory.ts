import { inspectModel } from "bertkit";
import { inChild } from "../in-child.js";
import { describeMachine, type Machine } from "../machine.js";
import { modelName } from "../model-files.js";
import type { BenchOptions } from "../options.js";
import type { Precision } from "../precision.js";
import { median } from "../statistics.js";
import type { LoopInput, LoopResult } from "./loop-result.js";

export interface MemoryResult {
  readonly program: "memory";
  readonly machine: Machine;
  readonly model: string;
  /** Of the model's weights in float32, as stored. */
  readonly weightBytes: number;
  readonly threads: number;
  readonly texts: number;
  /** Resident memory of a Node that does nothing, in bytes. */
  readonly emptyBytes: number;
  readonly sides: readonly MemorySide[];
}

export interface MemorySide extends LoopResult {
  readonly name: LoopInput["side"];
  readonly precision: Precision;
}

/** Many texts in a loop in a process of its own, for us and transformers.js: is memory flat, and rest rest? */
export async function measureMemory(options: BenchOptions): Promise<MemoryResult> {
  const machine = describeMachine();
  const { bytes: weightBytes } = await inspectModel(options.model);
  const threads = Math.max(...options.threads);
  const sides: MemorySide[] = [];
  for (const name of ["bertkit", "transformers.js"] as const) {
    if (!options.rivals.includes(name)) continue;
    for (const precision of options.precisions) {
      console.error(`${name}, ${precision}`); // the result goes to standard output, and is long in coming
      const input: LoopInput = {
        side: name,
        model: modelFor(name, precision, options),
        precision,
        threads,
        texts: options.texts,
      };
      sides.push({ name, precision, ...(await inChild<LoopResult>("memory/loop.js", input)) });
    }
  }
  const empties = [1, 2, 3].map(() => inChild<number>("memory/empty.js", {}));
  const emptyBytes = median(await Promise.all(empties));
  const model = modelName(options.model);
  return { program: "memory", machine, model, weightBytes, threads, texts: options.texts, emptyBytes, sides };
}

const modelFor = (side: LoopInput["side"], precision: Precision, { model, int8Model }: BenchOptions): string =>
  side === "bertkit" && precision === "int8" ? (int8Model ?? model) : model;
