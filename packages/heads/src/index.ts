export { Dense, type DenseOptions } from "./dense.js";
export { fromFloat16, toFloat16 } from "./float16.js";
export { Head } from "./head.js";
export { type PoolingMode, type PoolOptions, pool, poolingModes } from "./pooling.js";
export {
  emptyRanges,
  packSigns,
  packSignsSigned,
  quantizeToInt8,
  quantizeToUint8,
  type VectorRanges,
  widenRanges,
} from "./quantization.js";
export { SentenceEmbedding } from "./sentence-embedding.js";
export {
  type CutStage,
  type DenseStage,
  readSentenceModules,
  type SentenceModules,
  type SentenceStage,
} from "./sentence-modules.js";
