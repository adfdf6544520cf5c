export { openWasm, type WasmOptions } from "./open-wasm.js";
