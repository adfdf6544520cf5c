import { textOf } from "./span.js";
import type { Word } from "./split-words.js";
import type { TokenSink } from "./token-buffer.js";
import { TokenizerError } from "./tokenizer-error.js";
import type { Vocabulary } from "./vocabulary.js";

/** What a WordPiece model is made of. */
export interface WordPieceOptions {
  readonly vocabulary: Vocabulary;
  /** The token of a word that cannot be matched. */
  readonly unknownToken: string;
  /** What stands before a piece that continues a word, `##`. */
  readonly continuationPrefix: string;
  /** Words of more code points become the unknown token. */
  readonly longestWord: number;
}

/** The pieces of a word: their ids, and where in the word each ends. */
export interface Pieces {
  readonly ids: number[];
  readonly ends: number[];
}

/**
 * Cuts words into pieces of the vocabulary: the longest that matches, again and again from where it ends
 * (Wu et al. 2016, section 4.1, as in Google's tokenization.py). A word that cannot be matched whole is one unknown token.
 */
export class WordPiece {
  readonly unknownId: number;
  readonly longestWord: number;
  readonly #vocabulary: Vocabulary;
  /** Without what stands before them. */
  readonly #continuing = new Map<string, number>();
  readonly #longestPiece: number;

  /** @throws {TokenizerError} `missing_token` where the vocabulary lacks the unknown token. */
  constructor({ vocabulary, unknownToken, continuationPrefix, longestWord }: WordPieceOptions) {
    const unknownId = vocabulary.id(unknownToken);
    if (unknownId === undefined) {
      throw new TokenizerError(
        "missing_token",
        `WordPiece: the vocabulary lacks the unknown token ${JSON.stringify(unknownToken)}`,
      );
    }
    this.unknownId = unknownId;
    this.longestWord = longestWord;
    this.#vocabulary = vocabulary;
    let longestPiece = 0;
    vocabulary.forEach((token, id) => {
      if (token.startsWith(continuationPrefix)) this.#continuing.set(token.slice(continuationPrefix.length), id);
      if (token.length > longestPiece) longestPiece = token.length;
    });
    this.#longestPiece = longestPiece;
  }

  /** Puts the pieces of a word behind those that are there. */
  tokenize(word: Word, wordNumber: number, tokens: TokenSink): void {
    const pieces: Pieces = { ids: [], ends: [] };
    this.cut(textOf(word), pieces);
    let from = 0;
    pieces.ids.forEach((id, piece) => {
      const to = pieces.ends[piece] as number;
      pushRange(word, from, to, id, wordNumber, tokens);
      from = to;
    });
  }

  /** The pieces of a word, in the place of those that are there. */
  cut(text: string, { ids, ends }: Pieces): void {
    ids.length = 0;
    ends.length = 0;
    let from = isLongerThan(text, this.longestWord) ? -1 : 0;
    while (from >= 0 && from < text.length) {
      let to = Math.min(text.length, from + this.#longestPiece);
      let id = this.#id(text, from, to);
      while (id === undefined && --to > from) id = this.#id(text, from, to);
      if (id === undefined) break;
      ids.push(id);
      ends.push(to);
      from = to;
    }
    if (from === text.length) return;
    ids.length = 1;
    ids[0] = this.unknownId;
    ends.length = 1;
    ends[0] = text.length;
  }

  /** The id of a part of a word as a piece. */
  #id(text: string, from: number, to: number): number | undefined {
    const piece = text.slice(from, to);
    return from === 0 ? this.#vocabulary.id(piece) : this.#continuing.get(piece);
  }
}

/** Whether a text has more code points than a limit; looks no further than it must. */
function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > 2 * limit) return true;
  let codePoints = 0;
  for (const _ of text) codePoints++;
  return codePoints > limit;
}

/** Pushes units `from` to `to` of a word with the range from the source of the first unit to that of the last. */
function pushRange(word: Word, from: number, to: number, id: number, wordNumber: number, tokens: TokenSink): void {
  let at = 0;
  let start = -1;
  for (const span of word) {
    const { length } = span.text;
    const aligned = length === span.end - span.start;
    if (start < 0 && from < at + length) start = aligned ? span.start + from - at : span.start;
    if (to <= at + length) {
      tokens.push(id, start, aligned ? span.start + to - at : span.end, wordNumber);
      return;
    }
    at += length;
  }
}
