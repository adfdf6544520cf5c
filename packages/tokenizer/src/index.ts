export type { AddedToken } from "./added-tokens.js";
export { Alignment, type TextRange, type TokenRange } from "./alignment.js";
export { BertTokenizer } from "./bert-tokenizer.js";
export { type Classify, googleClasses, huggingFaceClasses } from "./character-classes.js";
export { type CharacterData, googleCharacters, huggingFaceCharacters } from "./character-data.js";
export { type DecoderOptions, joinTokens } from "./decoder.js";
export type {
  CountOptions,
  DecodeOptions,
  EncodeOptions,
  FitOptions,
  WindowOptions,
  WordsOptions,
} from "./encode-options.js";
export type { Encoding } from "./encoding.js";
export { cleanText, isolateCjk, lowerCase, lowerCaseInContext, type Stage, stripAccents } from "./normalization.js";
export { type PackedBatch, packEncodings } from "./pack.js";
export { type PaddedBatch, type PaddingOptions, padEncodings } from "./padding.js";
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
export type { Truncation } from "./truncation.js";
export { parseVocabulary, Vocabulary } from "./vocabulary.js";
export { WordPiece, type WordPieceOptions } from "./word-piece.js";
