import { PieceBuffer } from "./piece-buffer.js";
import { PieceIndex } from "./piece-index.js";
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

/** The UTF-16 units of a word: `length` of them, at the beginning of an array. */
export interface Units {
  readonly units: Uint16Array;
  readonly length: number;
}

/**
 * Cuts words into pieces of the vocabulary: the longest that matches, again and again from where it ends
 * (Wu et al. 2016, section 4.1, as in Google's tokenization.py). A word that cannot be matched whole is one unknown token.
 */
export class WordPiece {
  readonly unknownId: number;
  readonly longestWord: number;
  readonly #makeIndex: () => PieceIndex;
  /** Made for the first word: reading a vocabulary needs no index. */
  #index: PieceIndex | undefined;

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
    this.#makeIndex = () => new PieceIndex(vocabulary, continuationPrefix);
  }

  /** Puts the pieces of a word behind those that are there. */
  tokenize(word: Word, wordNumber: number, tokens: TokenSink): void {
    const pieces = new PieceBuffer();
    this.cut(unitsOf(textOf(word)), pieces);
    let from = 0;
    for (let piece = 0; piece < pieces.length; piece++) {
      const to = pieces.ends[piece] as number;
      pushRange(word, from, to, pieces.ids[piece] as number, wordNumber, tokens);
      from = to;
    }
  }

  /** Finds the pieces of a word, and puts them in the place of those that are there. */
  cut(word: Units, pieces: PieceBuffer): void {
    this.#index ??= this.#makeIndex();
    const { units, length } = word;
    pieces.length = 0;
    let from = isLongerThan(word, this.longestWord) ? -1 : 0;
    while (from >= 0 && from < length) {
      const id = this.#index.longest(units, from, length);
      if (id < 0) break;
      from += this.#index.matched;
      pieces.push(id, from);
    }
    if (from === length) return;
    pieces.length = 0;
    pieces.push(this.unknownId, length);
  }
}

function unitsOf(text: string): Units {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  return { units, length: text.length };
}

/** Whether a word has more code points than a limit; looks no further than it must. */
function isLongerThan({ units, length }: Units, limit: number): boolean {
  if (length <= limit) return false;
  if (length > 2 * limit) return true;
  let codePoints = 0;
  for (let at = 0; at < length; at++) {
    const isSecondHalf = ((units[at] as number) & 0xfc00) === 0xdc00;
    if (!isSecondHalf || at === 0 || ((units[at - 1] as number) & 0xfc00) !== 0xd800) codePoints++;
  }
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
