import { inChild } from "../in-child.js";
import { describeMachine } from "../machine.js";
import { modelName } from "../model-files.js";
import type { BenchOptions } from "../options.js";
import type { KernelsInput, KernelsOfThreads, KernelsResult } from "./kernels-result.js";

// ONNX Runtime's threads spin for some milliseconds before they sleep.
const pause = 20;

/** Products at the models' shapes, ours and the rivals', and our forward pass by kernel; a process a thread count. */
export async function measureKernels(options: BenchOptions): Promise<KernelsResult> {
  const machine = describeMachine();
  const { model, precisions } = options;
  const rounds = options.rounds ?? 20;
  const threads: KernelsOfThreads[] = [];
  for (const count of options.threads) {
    console.error(`${count} ${count === 1 ? "thread" : "threads"}`); // the result goes to standard output
    const input: KernelsInput = { model, threads: count, precisions, rounds, warmUp: options.warmUp ?? 3, pause };
    threads.push(await inChild<KernelsOfThreads>("kernels/run-kernels.js", input));
  }
  return { program: "kernels", machine, model: modelName(model), rounds, threads };
}
