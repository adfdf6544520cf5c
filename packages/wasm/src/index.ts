export type { EngineOptions } from "./engine.js";
export type { Tile } from "./kernels/gemm.js";
export { openWasm, type WasmOptions } from "./open-wasm.js";
