import type { AddedToken } from "./added-tokens.js";
import type { DecoderOptions } from "./decoder.js";
import type { Normalizer, PreTokenizer } from "./part.js";
import type { NormalizationOptions, ReferenceName } from "./reference.js";
import type { Template } from "./template.js";
import type { Truncation } from "./truncation.js";
import type { Vocabulary } from "./vocabulary.js";

/** Everything that makes a BERT tokenizer; `fromTokenizerJson` and `fromVocabulary` read it from files. */
export interface TokenizerSettings {
  readonly reference: ReferenceName;
  /** What WordPiece matches. */
  readonly vocabulary: Vocabulary;
  readonly addedTokens: readonly AddedToken[];
  readonly normalization: NormalizationOptions;
  /** Stands in the place of `normalization`, where a tokenizer.json has another normalizer than BERT's. */
  readonly normalizer?: Normalizer | undefined;
  /** Stands in the place of BERT's cut into words, where a tokenizer.json has another pre-tokenizer. */
  readonly preTokenizer?: PreTokenizer | undefined;
  readonly unknownToken: string;
  readonly continuationPrefix: string;
  /** Words of more code points become the unknown token. */
  readonly longestWord: number;
  readonly templates: { readonly single: Template; readonly pair: Template };
  readonly decoder: DecoderOptions;
  readonly specialTokens: SpecialTokens;
  /** The longest input that the files allow, special tokens included; undefined where they name none. */
  readonly modelMaxLength: number | undefined;
  /** Truncation and padding that tokenizer.json asks for. Not applied by `encode`: pass what you want of it. */
  readonly truncation: StoredTruncation | undefined;
  readonly padding: StoredPadding | undefined;
}

/** Ids of the tokens with a part to play; undefined where the vocabulary lacks one. */
export interface SpecialTokens {
  readonly unknown: number | undefined;
  readonly separator: number | undefined;
  readonly padding: number | undefined;
  readonly classifier: number | undefined;
  readonly mask: number | undefined;
}

/** The truncation section of a tokenizer.json. */
export interface StoredTruncation {
  readonly maxLength: number;
  readonly truncation: Truncation;
  readonly truncationSide: "left" | "right";
  /** Tokens that neighbouring windows share. */
  readonly stride: number;
}

/** The padding section of a tokenizer.json. */
export interface StoredPadding {
  /** A number of tokens, or that of the longest in the batch. */
  readonly length: number | "longest";
  readonly side: "left" | "right";
  readonly multipleOf: number | undefined;
  readonly id: number;
  readonly typeId: number;
  readonly token: string;
}
