export type { QuestionInContext } from "@bertkit/data";
export { type Precision, precisions } from "@bertkit/encoder-family";
export {
  type Aggregation,
  type AnswerSpan,
  emptyRanges,
  fromFloat16,
  type LabelScore,
  type PoolingMode,
  packSigns,
  packSignsSigned,
  poolingModes,
  quantizeToInt8,
  quantizeToUint8,
  toFloat16,
  type VectorRanges,
  widenRanges,
} from "@bertkit/heads";
export {
  type CachedCommit,
  type CachedModel,
  HubError,
  type HubErrorCode,
  type HubOptions,
  type HubSettings,
  hubSettings,
  listCachedModels,
  type RemovedModel,
  removeCachedModel,
  type VerifiedFile,
  verifyCachedModel,
} from "@bertkit/hub";
export type { Backend } from "@bertkit/tensor";
export { WorkerLostError } from "@bertkit/wasm";
export {
  type ConversionFormat,
  type ConversionPrecision,
  type ConversionReport,
  type ConvertedArray,
  conversionFormats,
  conversionPrecisions,
  type FileArray,
  type LeftOutArray,
  type OutputComparison,
  type WrittenFile,
} from "./conversion/conversion-report.js";
export { type ConvertModelOptions, convertModel } from "./conversion/convert-model.js";
export { defaultModel } from "./default-model.js";
export {
  type Device,
  type DeviceInfo,
  devices,
  listDevices,
  type OpenBackendOptions,
  openBackend,
} from "./devices.js";
export { type DownloadedModel, downloadModel } from "./download-model.js";
export type { DownloadOptions, DownloadPlan, DownloadProgress, DownloadRetry } from "./download-options.js";
export { fingerprintModel } from "./fingerprint-model.js";
export { inspectModel, type ModelInfo, type SentenceInfo } from "./inspect-model.js";
export { type AttentionPageOptions, attentionPage, attentionPageLimit } from "./inspection/attention-page.js";
export type { AttentionText } from "./inspection/attention-text.js";
export { type FeatureLayer, featureLine } from "./inspection/feature-line.js";
export { type InspectedText, type InspectionFile, inspectionArrays } from "./inspection/inspection-arrays.js";
export { type WriteInspectionsOptions, writeInspections } from "./inspection/write-inspections.js";
export type { LoadModelOptions } from "./load-model-options.js";
export { type LoadSentenceEncoderOptions, loadSentenceEncoder } from "./load-sentence-encoder.js";
export { loadTokenizer } from "./load-tokenizer.js";
export type { LocalSentenceEncoder } from "./local-sentence-encoder.js";
export { OutputFolderError } from "./output-folder-error.js";
export { type QuantizeModelOptions, quantizeModel } from "./quantize-model.js";
export type { EncodeOptions, EncodeProgress, SentenceEncoder } from "./sentence-encoder.js";
export type { Embedded, ItemMatch, Match } from "./similarity/match.js";
export {
  type NearDuplicatesOptions,
  nearDuplicates,
  type Pair,
  TooManyPairsError,
} from "./similarity/near-duplicates.js";
export {
  cosineSimilarity,
  dotProduct,
  type PairScoresOptions,
  pairScores,
  type Score,
  scores,
} from "./similarity/scores.js";
export type { SearchOptions } from "./similarity/search.js";
export { type TopMatchesOptions, topItems, topMatches } from "./similarity/top-matches.js";
export { type Answer, Answerer, type AnswerOptions, loadAnswerer } from "./tasks/answerer.js";
export type { Inputs } from "./tasks/answers-of.js";
export { type Classification, Classifier, type ClassifyOptions, loadClassifier } from "./tasks/classifier.js";
export {
  type ExtractOptions,
  FeatureExtractor,
  type Features,
  loadFeatureExtractor,
} from "./tasks/feature-extractor.js";
export { type InspectedPart, type InspectOptions, Inspector, loadInspector } from "./tasks/inspector.js";
export {
  type FilledMask,
  type FillOptions,
  loadMaskFiller,
  MaskFiller,
  type MaskGuess,
} from "./tasks/mask-filler.js";
export {
  loadNextSentencePredictor,
  type NextSentencePrediction,
  NextSentencePredictor,
} from "./tasks/next-sentence-predictor.js";
export { loadReranker, type RankedItem, type RankedPassage, type RankOptions, Reranker } from "./tasks/reranker.js";
export {
  aggregations,
  loadTagger,
  type TaggedEntity,
  Tagger,
  type Tagging,
  type TagOptions,
  type TextOrWords,
} from "./tasks/tagger.js";
export type { TaskName } from "./tasks/task-heads.js";
export type { TaskOptions, TaskProgress } from "./tasks/task-model.js";
export type { TextOrPair } from "./tasks/text-or-pair.js";
export { WorkerEndedError } from "./worker/worker-ended-error.js";
export type { WorkerSentenceEncoder } from "./worker/worker-sentence-encoder.js";
