import type { WasmMemory } from "../memory/wasm-memory.js";

/** A module's functions on a memory; `Functions` is what the emitter that wrote it says it exports. */
export function instantiate<Functions>(module: WebAssembly.Module, { memory }: WasmMemory): Functions {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Functions;
}
