import { type Classify, googleClasses, huggingFaceClasses } from "./character-classes.js";
import { type CharacterData, googleCharacters, huggingFaceCharacters } from "./character-data.js";
import { mayMove } from "./decomposition.js";
import { cleanText, isolateCjk, lowerCase, lowerCaseInContext, type Stage, stripAccents } from "./normalization.js";

/** Whose behaviour a tokenizer follows where the two differ. */
export type ReferenceName = "hugging-face" | "google";

/** Which stages of the normalisation a tokenizer has. */
export interface NormalizationOptions {
  readonly cleanText: boolean;
  readonly isolateCjk: boolean;
  readonly stripAccents: boolean;
  readonly lowerCase: boolean;
}

/**
 * One reference: a row for everything in which it may differ. The sources are google-research/bert's tokenization.py, and
 * Hugging Face's tokenizers 0.23 (`normalizers/bert.rs`, `models/wordpiece`, `utils/truncation.rs`).
 */
export interface Reference {
  readonly name: ReferenceName;
  /** Versions of Unicode: of the libraries that Rust's code uses, and of Python 3.11, on which Google's was recorded. */
  readonly characters: CharacterData;
  /** `_is_chinese_char` has 2B820 to 2B91F, `is_chinese_char` begins at 2B920; only Rust's removes private use. */
  readonly classify: Classify;
  /** Python's `str.lower` sees a final sigma; Rust's lower-cases each character alone. */
  readonly lowerCase: (lowerCaseOf: CharacterData["lowerCase"]) => Stage;
  /** `BasicTokenizer.tokenize` lower-cases before `_run_strip_accents`, `BertNormalizer` after. */
  readonly accentsBeforeCase: boolean;
  /** Code points that a word may have where no file says so: `max_input_chars_per_word`. */
  readonly longestWord: number;
  /** Who keeps a token more: `_truncate_seq_pair` (create_pretraining_data.py) cuts the second of two as long as each other. */
  readonly spareToken: "first" | "longer";
  /** Whether "[MASK]" in a text is the special token, as an added token of Rust's is, or three words. */
  readonly specialTokensInText: boolean;
}

/** Where Hugging Face's tokenizers and Google's tokenization.py differ. */
export const references: Readonly<Record<ReferenceName, Reference>> = {
  "hugging-face": {
    name: "hugging-face",
    characters: huggingFaceCharacters,
    classify: huggingFaceClasses,
    lowerCase,
    accentsBeforeCase: true,
    longestWord: 100,
    spareToken: "longer",
    specialTokensInText: true,
  },
  google: {
    name: "google",
    characters: googleCharacters,
    classify: googleClasses,
    lowerCase: lowerCaseInContext,
    accentsBeforeCase: false,
    longestWord: 200,
    spareToken: "first",
    specialTokensInText: false,
  },
};

/** The stages of BERT's normalisation in the order of a reference. */
export function bertNormalization(options: NormalizationOptions, reference: Reference): readonly Stage[] {
  const { characters, classify, accentsBeforeCase } = reference;
  const stages: Stage[] = [];
  if (options.cleanText) stages.push(cleanText(classify));
  if (options.isolateCjk) stages.push(isolateCjk(classify));
  if (options.stripAccents && accentsBeforeCase) stages.push(stripAccents(characters));
  if (options.lowerCase) stages.push(reference.lowerCase(characters.lowerCase));
  if (options.stripAccents && !accentsBeforeCase) stages.push(stripAccents(characters));
  return stages;
}

/** Whether what BERT's normalisation makes of a character depends on its neighbours. */
export function dependsOnNeighbours(
  { stripAccents, lowerCase }: NormalizationOptions,
  { characters, lowerCase: lowerCaseStage }: Reference,
): (codePoint: number) => boolean {
  const hasFinalSigma = lowerCase && lowerCaseStage === lowerCaseInContext;
  return (codePoint) => (stripAccents && mayMove(codePoint, characters)) || (hasFinalSigma && codePoint === 0x3a3);
}
