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

/** One reference: a row for everything in which it may differ. */
export interface Reference {
  readonly name: ReferenceName;
  readonly characters: CharacterData;
  readonly classify: Classify;
  readonly lowerCase: (lowerCaseOf: CharacterData["lowerCase"]) => Stage;
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
