import { huggingFaceClasses, punctuationClass, whitespaceClass } from "../character-classes.js";
import type { PreTokenizerPart } from "../part.js";
import { splitWords } from "../split-words.js";
import { isWhiteSpace } from "../white-space.js";

/** `BertPreTokenizer`: cuts at white space, of which text that was not cleaned has more kinds, and round punctuation. */
export const bertPreTokenizer: PreTokenizerPart = {
  type: "BertPreTokenizer",
  read: () => ({
    json: { type: "BertPreTokenizer" },
    split: (words) => words.flatMap((word) => splitWords(word, classify)),
  }),
};

const classify = (codePoint: number): number =>
  isWhiteSpace(codePoint) ? whitespaceClass : huggingFaceClasses(codePoint) & punctuationClass;
