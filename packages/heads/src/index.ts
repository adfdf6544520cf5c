export {
  type AnswerSpan,
  type AnswerSpans,
  type AnswerSpansOptions,
  type AnswerWindow,
  answerSpans,
} from "./answer-spans.js";
export { CausalLanguage } from "./causal-language.js";
export { CrossEncoder, type CrossEncoderOptions } from "./cross-encoder.js";
export { Dense, type DenseOptions } from "./dense.js";
export {
  type Aggregation,
  type Entity,
  type EntityOptions,
  entitiesOf,
  type ScoredTokens,
  type WordLabel,
  type WordLabelOptions,
  wordLabels,
} from "./entities.js";
export { fromFloat16, toFloat16 } from "./float16.js";
export { Head } from "./head.js";
export { noLabel } from "./labelled-rows.js";
export { LanguageDecoder, type LanguageDecoderOptions, type WordTable } from "./language-decoder.js";
export { type LikeliestOptions, likeliestTokens, type TokenGuess } from "./likeliest-tokens.js";
export { MaskedLanguage, type MaskedLanguageOptions } from "./masked-language.js";
export { MultipleChoice, type MultipleChoiceOptions } from "./multiple-choice.js";
export { NextSentence } from "./next-sentence.js";
export { type PoolingMode, type PoolOptions, pool, poolingModes } from "./pooling.js";
export { Pretraining, type PretrainingAnswer, type PretrainingLabels } from "./pretraining.js";
export {
  emptyRanges,
  packSigns,
  packSignsSigned,
  quantizeToInt8,
  quantizeToUint8,
  type VectorRanges,
  widenRanges,
} from "./quantization.js";
export { type AnswerLogits, type AnswerPositions, QuestionAnswering } from "./question-answering.js";
export { SentenceEmbedding } from "./sentence-embedding.js";
export {
  type CutStage,
  type DenseStage,
  readSentenceModules,
  type SentenceModules,
  type SentenceStage,
} from "./sentence-modules.js";
export {
  type LabelScore,
  type Problem,
  SequenceClassification,
  type SequenceClassificationOptions,
} from "./sequence-classification.js";
export { TokenClassification, type TokenClassificationOptions, type TokenScores } from "./token-classification.js";
