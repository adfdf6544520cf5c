export { Dense, type DenseOptions } from "./dense.js";
export { Head } from "./head.js";
export { type PoolingMode, type PoolOptions, pool, poolingModes } from "./pooling.js";
export { SentenceEmbedding } from "./sentence-embedding.js";
export {
  type CutStage,
  type DenseStage,
  readSentenceModules,
  type SentenceModules,
  type SentenceStage,
} from "./sentence-modules.js";
