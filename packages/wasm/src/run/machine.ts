import type { KernelFunctions } from "../kernels/emit-kernels.js";
import type { Tile } from "../kernels/gemm.js";
import type { WasmMemory } from "../memory/wasm-memory.js";

/** A running module and its memory. */
export interface Machine {
  readonly functions: KernelFunctions;
  readonly memory: WasmMemory;
  readonly tile: Tile;
}
