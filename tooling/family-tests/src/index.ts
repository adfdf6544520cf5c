export { describeOnBackends, type OnBackend } from "./describe-on-backends.js";
export {
  describeRecordedFamily,
  type RecordedEncoder,
  type RecordedFamily,
  type RecordedHead,
} from "./describe-recorded-family.js";
export { type RandomBatchOptions, randomBatch, withRandomParameters } from "./random-encoder.js";
