export { type GpuOptions, openGpu } from "./open-gpu.js";
