export type { OnnxHead } from "./heads/onnx-head.js";
export { type OnnxOptions, writeOnnx } from "./write-onnx.js";
