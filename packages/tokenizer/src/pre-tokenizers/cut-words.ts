import type { JsonObject } from "../json-reader.js";
import { spanSlicer, textOf } from "../span.js";
import type { Word } from "../split-words.js";

/** What becomes of a delimiter: a word of its own, dropped, or joined with a neighbour. */
export type SplitBehavior = "Isolated" | "Removed" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

/** A stretch of a text, a delimiter or what is between two. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly isDelimiter: boolean;
}

/** Takes a text apart into delimiters and what is between them, with nothing left over. */
export type FindPieces = (text: string) => Piece[];

/** Reads the field `behavior`. */
export function readBehavior(section: JsonObject, fallback?: SplitBehavior): SplitBehavior {
  const behaviors = ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"] as const;
  return section.oneOf("behavior", behaviors, fallback);
}

/** Cuts every word round its delimiters. */
export function cutWords(words: readonly Word[], find: FindPieces, behavior: SplitBehavior): readonly Word[] {
  return words.flatMap((word) => {
    const text = textOf(word);
    const pieces = kept[behavior](find(text)).filter(({ from, to }) => from < to);
    const [first] = pieces;
    if (first !== undefined && first.from === 0 && first.to === text.length) return [word];
    const slice = spanSlicer(word);
    return pieces.map(({ from, to }) => slice(from, to));
  });
}

/** Each delimiter is one character. */
export function piecesAt(isDelimiter: (codePoint: number) => boolean): FindPieces {
  return (text) => {
    const pieces: Piece[] = [];
    let done = 0;
    let next = 0;
    for (let at = 0; at < text.length; at = next) {
      const codePoint = text.codePointAt(at) as number;
      next = codePoint > 0xffff ? at + 2 : at + 1;
      if (!isDelimiter(codePoint)) continue;
      if (done < at) pieces.push({ from: done, to: at, isDelimiter: false });
      pieces.push({ from: at, to: next, isDelimiter: true });
      done = next;
    }
    if (done < text.length) pieces.push({ from: done, to: text.length, isDelimiter: false });
    return pieces;
  };
}

const kept: Readonly<Record<SplitBehavior, (pieces: readonly Piece[]) => Piece[]>> = {
  Isolated: (pieces) => [...pieces],
  Removed: (pieces) => pieces.filter(({ isDelimiter }) => !isDelimiter),
  Contiguous: (pieces) => joined(pieces, (piece, previous) => piece.isDelimiter === previous.isDelimiter),
  MergedWithPrevious: (pieces) => joined(pieces, (piece, previous) => piece.isDelimiter && !previous.isDelimiter),
  MergedWithNext: (pieces) =>
    joined([...pieces].reverse(), (piece, after) => piece.isDelimiter && !after.isDelimiter).reverse(),
};

/** Joins a piece with the one before it where they belong together; asked of the pieces as they were. */
function joined(pieces: readonly Piece[], belongs: (piece: Piece, previous: Piece) => boolean): Piece[] {
  const result: Piece[] = [];
  let previous: Piece | undefined;
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last !== undefined && previous !== undefined && belongs(piece, previous)) {
      const from = Math.min(last.from, piece.from);
      result[result.length - 1] = { ...last, from, to: Math.max(last.to, piece.to) };
    } else {
      result.push(piece);
    }
    previous = piece;
  }
  return result;
}
