import type { PreTokenizerPart } from "../part.js";
import { codePointSet } from "../unicode/code-point-ranges.js";
import { isWhiteSpace } from "../white-space.js";
import { cutWords, type FindPieces, type Piece } from "./cut-words.js";
import { word16 } from "./unicode-tables.js";

/** `Whitespace`: the runs of `\w+|[^\w\s]+`, letters and digits or anything else but white space. */
export const whitespacePreTokenizer: PreTokenizerPart = {
  type: "Whitespace",
  read() {
    const find = runs(codePointSet(word16));
    return { json: { type: "Whitespace" }, split: (words) => cutWords(words, find, "Removed") };
  },
};

/** Runs of white space, of word characters and of all others; the first are the delimiters. */
function runs(isWordCharacter: (codePoint: number) => boolean): FindPieces {
  const kindOf = (codePoint: number) =>
    isWhiteSpace(codePoint) ? "space" : isWordCharacter(codePoint) ? "word" : "other";
  return (text) => {
    const pieces: Piece[] = [];
    let from = 0;
    let kind: string | undefined;
    for (const character of `${text}`) {
      const next = kindOf(character.codePointAt(0) as number);
      const last = pieces.at(-1);
      if (last !== undefined && kind === next) pieces[pieces.length - 1] = { ...last, to: from + character.length };
      else pieces.push({ from, to: from + character.length, isDelimiter: next === "space" });
      kind = next;
      from += character.length;
    }
    return pieces;
  };
}
