import { huggingFaceClasses, punctuationClass } from "../character-classes.js";
import type { PreTokenizerPart } from "../part.js";
import { isWhiteSpace } from "../white-space.js";
import { cutWords, piecesAt } from "./cut-words.js";

/** `BertPreTokenizer`: cuts at white space, and round each punctuation character. */
export const bertPreTokenizer: PreTokenizerPart = {
  type: "BertPreTokenizer",
  read() {
    const spaces = piecesAt(isWhiteSpace);
    const punctuation = piecesAt((codePoint) => (huggingFaceClasses(codePoint) & punctuationClass) !== 0);
    return {
      json: { type: "BertPreTokenizer" },
      split: (words) => cutWords(cutWords(words, spaces, "Removed"), punctuation, "Isolated"),
    };
  },
};
