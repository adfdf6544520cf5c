import type { Job, JobName } from "../jobs/jobs.js";
import type { KernelFunctions, QuantizedEngine, RareFunctions } from "../kernels/emit-kernels.js";
import type { Tile } from "../kernels/gemm.js";
import type { WasmMemory } from "../memory/wasm-memory.js";

/** A running module, its memory and its threads. */
export interface Machine {
  readonly functions: KernelFunctions;
  /** Made when they are first asked for. */
  rare(): RareFunctions;
  readonly memory: WasmMemory;
  readonly tile: Tile;
  readonly quantized: QuantizedEngine;
  /** Threads that share jobs, the calling one included. */
  readonly threads: number;
  /** Does a job; throws `WorkerLostError` when a thread that had joined it does not finish. */
  run<Name extends JobName>(name: Name, job: Job<Name>): void;
}
