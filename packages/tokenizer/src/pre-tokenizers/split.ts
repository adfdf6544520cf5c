import type { PreTokenizerPart } from "../part.js";
import { type FindMatches, readPattern } from "../patterns/pattern.js";
import { cutWords, type FindPieces, type Piece, readBehavior } from "./cut-words.js";

/** `Split`: cuts at the matches of a pattern, or with `invert` at what is between them. */
export const splitPreTokenizer: PreTokenizerPart = {
  type: "Split",
  read(section) {
    const { json, find } = readPattern(section);
    const behavior = readBehavior(section);
    const invert = section.boolean("invert");
    const pieces = piecesOf(find, !invert);
    return {
      json: { type: "Split", pattern: json, behavior, invert },
      split: (words) => cutWords(words, pieces, behavior),
    };
  },
};

function piecesOf(find: FindMatches, isDelimiter: boolean): FindPieces {
  return (text) => {
    const pieces: Piece[] = [];
    let done = 0;
    for (const { from, to } of find(text)) {
      if (done < from) pieces.push({ from: done, to: from, isDelimiter: !isDelimiter });
      pieces.push({ from, to, isDelimiter });
      done = to;
    }
    if (done < text.length) pieces.push({ from: done, to: text.length, isDelimiter: !isDelimiter });
    return pieces;
  };
}
