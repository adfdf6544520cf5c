export { type Archive, isArchive, openArchive } from "./archive/open-archive.js";
export { type ByteSink, writeWholeFile } from "./bytes/file-sink.js";
export type { FetchOptions } from "./bytes/url-bytes.js";
export { CheckpointError, type CheckpointErrorCode } from "./checkpoint-error.js";
export type { CheckpointEntry, CheckpointSource, ReadOptions, Values } from "./checkpoint-source.js";
export type { LazyArray, NamedArray } from "./named-array.js";
export { openCheckpoint } from "./open-checkpoint.js";
export type { OpenCheckpointOptions } from "./open-place.js";
export {
  type SafetensorsOptions,
  serializeSafetensors,
  type WriteSafetensorsOptions,
  writeSafetensors,
} from "./safetensors/write-safetensors.js";
export type { ReadableDType, StoredDType } from "./stored-dtype.js";
export { latestIndex } from "./tensorflow/latest-checkpoint.js";
export { serializeTensorFlow, type WriteTensorFlowOptions, writeTensorFlow } from "./tensorflow/write-tensorflow.js";
