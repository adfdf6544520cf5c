import { bertNormalizer } from "./normalizers/bert.js";
import { lowercaseNormalizer } from "./normalizers/lowercase.js";
import { prependNormalizer } from "./normalizers/prepend.js";
import { replaceNormalizer } from "./normalizers/replace.js";
import { normalizerSequence } from "./normalizers/sequence.js";
import { stripNormalizer } from "./normalizers/strip.js";
import { stripAccentsNormalizer } from "./normalizers/strip-accents.js";
import { nfcNormalizer, nfdNormalizer, nfkcNormalizer, nfkdNormalizer } from "./normalizers/unicode-forms.js";
import type { NormalizerPart, PreTokenizerPart } from "./part.js";
import { bertPreTokenizer } from "./pre-tokenizers/bert.js";
import { digitsPreTokenizer } from "./pre-tokenizers/digits.js";
import { punctuationPreTokenizer } from "./pre-tokenizers/punctuation.js";
import { preTokenizerSequence } from "./pre-tokenizers/sequence.js";
import { splitPreTokenizer } from "./pre-tokenizers/split.js";
import { whitespacePreTokenizer } from "./pre-tokenizers/whitespace.js";
import { whitespaceSplitPreTokenizer } from "./pre-tokenizers/whitespace-split.js";

/** Kinds of parts that a tokenizer.json may have beside BERT's own; what a page does not name is not bundled. */
export interface TokenizerParts {
  readonly normalizers?: readonly NormalizerPart[] | undefined;
  readonly preTokenizers?: readonly PreTokenizerPart[] | undefined;
}

/** Every part that is known. */
export const everyPart: TokenizerParts = {
  normalizers: [
    bertNormalizer,
    normalizerSequence,
    nfcNormalizer,
    nfdNormalizer,
    nfkcNormalizer,
    nfkdNormalizer,
    lowercaseNormalizer,
    stripAccentsNormalizer,
    stripNormalizer,
    replaceNormalizer,
    prependNormalizer,
  ],
  preTokenizers: [
    bertPreTokenizer,
    preTokenizerSequence,
    whitespacePreTokenizer,
    whitespaceSplitPreTokenizer,
    punctuationPreTokenizer,
    digitsPreTokenizer,
    splitPreTokenizer,
  ],
};
