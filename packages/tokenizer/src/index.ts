export type { AddedToken } from "./added-tokens.js";
export { Alignment, type TextRange, type TokenRange } from "./alignment.js";
export { BertTokenizer } from "./bert-tokenizer.js";
export { type Classify, googleClasses, huggingFaceClasses } from "./character-classes.js";
export { type CharacterData, googleCharacters, huggingFaceCharacters } from "./character-data.js";
export { type Chunk, type ChunkOptions, chunk } from "./chunk.js";
export { type DecoderOptions, joinTokens } from "./decoder.js";
export type {
  CountOptions,
  DecodeOptions,
  EncodeOptions,
  FitOptions,
  WindowOptions,
  WordsOptions,
} from "./encode-options.js";
export { encodeStream, type StreamedTokens, type StreamOptions } from "./encode-stream.js";
export type { Encoding } from "./encoding.js";
export type { JsonObject } from "./json-reader.js";
export { cleanText, isolateCjk, lowerCase, lowerCaseInContext, type Stage, stripAccents } from "./normalization.js";
export { bertNormalizer } from "./normalizers/bert.js";
export { lowercaseNormalizer } from "./normalizers/lowercase.js";
export { prependNormalizer } from "./normalizers/prepend.js";
export { replaceNormalizer } from "./normalizers/replace.js";
export { normalizerSequence } from "./normalizers/sequence.js";
export { stripNormalizer } from "./normalizers/strip.js";
export { stripAccentsNormalizer } from "./normalizers/strip-accents.js";
export { nfcNormalizer, nfdNormalizer, nfkcNormalizer, nfkdNormalizer } from "./normalizers/unicode-forms.js";
export { type PackedBatch, packEncodings } from "./pack.js";
export { type PaddedBatch, type PaddingOptions, padEncodings } from "./padding.js";
export type {
  Normalizer,
  NormalizerPart,
  Part,
  PartContext,
  PartJson,
  PreTokenizer,
  PreTokenizerPart,
} from "./part.js";
export { bertPreTokenizer } from "./pre-tokenizers/bert.js";
export { digitsPreTokenizer } from "./pre-tokenizers/digits.js";
export { punctuationPreTokenizer } from "./pre-tokenizers/punctuation.js";
export { preTokenizerSequence } from "./pre-tokenizers/sequence.js";
export { splitPreTokenizer } from "./pre-tokenizers/split.js";
export { whitespacePreTokenizer } from "./pre-tokenizers/whitespace.js";
export { whitespaceSplitPreTokenizer } from "./pre-tokenizers/whitespace-split.js";
export {
  bertNormalization,
  type NormalizationOptions,
  type Reference,
  type ReferenceName,
  references,
} from "./reference.js";
export type { SpecialTokens, StoredPadding, StoredTruncation, TokenizerSettings } from "./settings.js";
export { byteRanges, codePointRanges, type EncodedText } from "./source-ranges.js";
export { type Span, sliceSpan, wholeSpan } from "./span.js";
export { splitWords, type Word } from "./split-words.js";
export { Template, type TemplatePiece } from "./template.js";
export { IdBuffer, TokenBuffer, TokenCount, type TokenSink } from "./token-buffer.js";
export type { ConfigOptions } from "./tokenizer-config.js";
export { TokenizerError, type TokenizerErrorCode } from "./tokenizer-error.js";
export type { TokenizerJsonOptions } from "./tokenizer-json.js";
export { everyPart, type TokenizerParts } from "./tokenizer-parts.js";
export { type TrainedVocabulary, trainVocabulary } from "./training/train-vocabulary.js";
export type { TrainingOptions, TrainingProgress } from "./training/training-options.js";
export { type VocabularyFiles, vocabularyFiles } from "./training/vocabulary-files.js";
export type { Truncation } from "./truncation.js";
export { parseVocabulary, Vocabulary } from "./vocabulary.js";
export { encodeWindows } from "./windows.js";
export { WordPiece, type WordPieceOptions } from "./word-piece.js";
export { toTokenizerJson } from "./write-tokenizer-json.js";
