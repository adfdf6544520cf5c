import type { PreTokenizerPart } from "../part.js";
import { isWhiteSpace } from "../white-space.js";
import { cutWords, piecesAt } from "./cut-words.js";

/** `WhitespaceSplit`: cuts at white space alone. */
export const whitespaceSplitPreTokenizer: PreTokenizerPart = {
  type: "WhitespaceSplit",
  read() {
    const find = piecesAt(isWhiteSpace);
    return { json: { type: "WhitespaceSplit" }, split: (words) => cutWords(words, find, "Removed") };
  },
};
