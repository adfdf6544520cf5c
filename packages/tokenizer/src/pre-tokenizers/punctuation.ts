import { huggingFaceClasses, punctuationClass } from "../character-classes.js";
import type { PreTokenizerPart } from "../part.js";
import { cutWords, piecesAt, readBehavior } from "./cut-words.js";

/** `Punctuation`: cuts at the punctuation characters that BERT's own pre-tokenizer knows. */
export const punctuationPreTokenizer: PreTokenizerPart = {
  type: "Punctuation",
  read(section) {
    const behavior = readBehavior(section, "Isolated");
    const find = piecesAt((codePoint) => (huggingFaceClasses(codePoint) & punctuationClass) !== 0);
    return { json: { type: "Punctuation", behavior }, split: (words) => cutWords(words, find, behavior) };
  },
};
