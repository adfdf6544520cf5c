import type { WasmMemory } from "../memory/wasm-memory.js";

/** A module's functions on a memory; `Functions` is what the emitter that wrote it says it exports. */
export function instantiate<Functions>(
  module: WebAssembly.Module,
  { memory }: WasmMemory,
  imports: WebAssembly.ModuleImports = {},
): Functions {
  return new WebAssembly.Instance(module, { env: { ...imports, memory } }).exports as unknown as Functions;
}
