import { type Classify, googleClasses, huggingFaceClasses } from "./character-classes.js";
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

/** One reference: a row for everything in which it may differ. */
export interface Reference {
  readonly name: ReferenceName;
  readonly classify: Classify;
  readonly lowerCase: () => Stage;
  readonly accentsBeforeCase: boolean;
  /** Code points that a word may have where no file says so. */
  readonly longestWord: number;
  readonly spareToken: "first" | "longer";
  /** Whether "[MASK]" in a text is the special token, or three words. */
  readonly specialTokensInText: boolean;
}

/** Where Hugging Face's tokenizers and Google's tokenization.py differ. */
export const references: Readonly<Record<ReferenceName, Reference>> = {
  "hugging-face": {
    name: "hugging-face",
    classify: huggingFaceClasses,
    lowerCase,
    accentsBeforeCase: true,
    longestWord: 100,
    spareToken: "longer",
    specialTokensInText: true,
  },
  google: {
    name: "google",
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
  const { classify, accentsBeforeCase } = reference;
  const stages: Stage[] = [];
  if (options.cleanText) stages.push(cleanText(classify));
  if (options.isolateCjk) stages.push(isolateCjk(classify));
  if (options.stripAccents && accentsBeforeCase) stages.push(stripAccents(classify));
  if (options.lowerCase) stages.push(reference.lowerCase());
  if (options.stripAccents && !accentsBeforeCase) stages.push(stripAccents(classify));
  return stages;
}
