export { type PoolingMode, poolingModes } from "@bertkit/heads";
export {
  type Device,
  type DeviceInfo,
  devices,
  listDevices,
  type OpenBackendOptions,
  openBackend,
} from "./devices.js";
export { inspectModel, type ModelInfo, type SentenceInfo } from "./inspect-model.js";
export { type LoadSentenceEncoderOptions, loadSentenceEncoder } from "./load-sentence-encoder.js";
export { loadTokenizer } from "./load-tokenizer.js";
export { type EncodeOptions, type EncodeProgress, SentenceEncoder } from "./sentence-encoder.js";
