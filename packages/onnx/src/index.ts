export type { OnnxHead, SentenceVectors } from "./heads/onnx-head.js";
export { type OnnxOptions, writeOnnx } from "./write-onnx.js";
