export { checkBatch, checkLengths } from "./check-batch.js";
export { type EncoderConfig, problemsOfEncoder } from "./config/encoder-config.js";
export { type HeadSettings, headSettingsFromHuggingFace } from "./config/head-settings.js";
export {
  commonSpelling,
  type FoundFields,
  fieldsFromJson,
  type JsonFields,
  unsupportedFields,
} from "./config/json-fields.js";
export { type EncoderParts, encodeBatch } from "./encode-batch.js";
export type { ConfiguredEncoder, EncoderFamily, HeadSpellings } from "./encoder-family.js";
export { type EncoderFile, encoderFile } from "./encoder-file.js";
export { type LoadEncoderOptions, loadEncoder } from "./load-encoder.js";
export {
  findHeadNames,
  findOutputWords,
  type HeadStatements,
  headArrays,
  headsIn,
} from "./names/find-head-names.js";
export {
  type EncoderPlace,
  type FileNames,
  findEncoderNames,
  findNames,
  holdsPooler,
  writtenNames,
} from "./names/find-names.js";
export { type HeadName, headClassEndings, headPaths } from "./names/head-names.js";
export { encoderSpellings, headSpellings } from "./names/spellings.js";
export { int8Metadata, type Precision, precisionOf, precisions } from "./precision.js";
