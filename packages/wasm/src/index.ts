export type { EngineOptions } from "./engine.js";
export type { Tile } from "./kernels/gemm.js";
export type { QuantizedTile } from "./kernels/quantized-gemm.js";
export { openWasm, type WasmOptions } from "./open-wasm.js";
export { WorkerLostError } from "./pool/worker-lost-error.js";
