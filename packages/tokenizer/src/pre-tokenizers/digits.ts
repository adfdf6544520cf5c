import type { PreTokenizerPart } from "../part.js";
import { codePointSet } from "../unicode/code-point-ranges.js";
import { cutWords, piecesAt } from "./cut-words.js";
import { numeric17 } from "./unicode-tables.js";

/** `Digits`: cuts numbers from what stands round them, or each digit from the next. */
export const digitsPreTokenizer: PreTokenizerPart = {
  type: "Digits",
  read(section) {
    const individual = section.boolean("individual_digits");
    const find = piecesAt(codePointSet(numeric17));
    return {
      json: { type: "Digits", individual_digits: individual },
      split: (words) => cutWords(words, find, individual ? "Isolated" : "Contiguous"),
    };
  },
};
