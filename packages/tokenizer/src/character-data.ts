import { type Classify, googleClasses, huggingFaceClasses } from "./character-classes.js";
import { lowerCaseOf14, lowerCaseOf17 } from "./unicode/case-mapping.js";
import {
  combiningClassOf9,
  combiningClassOf14,
  decompositionOf12,
  decompositionOf14,
} from "./unicode/decomposition-mapping.js";

/** What a reference knows of characters, each in the version of Unicode that it has; none of it is the engine's. */
export interface CharacterData {
  readonly classify: Classify;
  /** The lower case of one character, whatever stands around it. */
  readonly lowerCase: (codePoint: number) => string;
  /** The full canonical decomposition of one character; itself where it has none. */
  readonly decompose: (codePoint: number) => string;
  /** The canonical combining class; 0 where no ordering moves a character. */
  readonly combiningClass: (codePoint: number) => number;
}

/** Hugging Face's tokenizers: categories of Unicode 8.0, lower case of 17.0, decomposition of 12.1 with the order of 9.0. */
export const huggingFaceCharacters: CharacterData = {
  classify: huggingFaceClasses,
  lowerCase: lowerCaseOf17,
  decompose: decompositionOf12,
  combiningClass: combiningClassOf9,
};

/** Google's tokenization.py in Python 3.11: Unicode 14.0. */
export const googleCharacters: CharacterData = {
  classify: googleClasses,
  lowerCase: lowerCaseOf14,
  decompose: decompositionOf14,
  combiningClass: combiningClassOf14,
};
