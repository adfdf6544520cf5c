import type { BertTokenizer } from "./bert-tokenizer.js";
import { breakFinder, type FindBreak } from "./stream-breaks.js";
import { TokenizerError } from "./tokenizer-error.js";

/** The tokens of one piece of a document; ranges and word numbers are counted in the whole of it. */
export interface StreamedTokens {
  /** [tokens] */
  readonly ids: Int32Array;
  /** [2 · tokens] Start and end in UTF-16 units of the document, which may be longer than 2^31 of them. */
  readonly ranges: Float64Array;
  /** [tokens] Number of the word in the document, from 0. */
  readonly wordIds: Float64Array;
}

/** How {@link encodeStream} goes about it. */
export interface StreamOptions {
  /** UTF-16 units that are tokenised at a time, or a little less; 65,536 where absent. */
  readonly pieceLength?: number | undefined;
}

/**
 * The tokens of a document that comes in parts, cut anywhere: the same as of the document in one piece, without special
 * tokens. Memory is that of a piece; a stretch in which no place to cut is found (white space, an ideograph, most
 * punctuation) is kept until it ends. Where an added token takes white space, punctuation alone is left to cut at.
 * @throws {TokenizerError} `invalid_option` where a part is no string: decode bytes first, `TextDecoderStream` does;
 * `unsupported` where the tokenizer has a part that may look across white space, such as Replace, Split or Prepend.
 */
export async function* encodeStream(
  tokenizer: BertTokenizer,
  source: AsyncIterable<string> | Iterable<string>,
  { pieceLength = 0x10000 }: StreamOptions = {},
): AsyncGenerator<StreamedTokens> {
  if (!Number.isInteger(pieceLength) || pieceLength < 1) {
    throw new TokenizerError("invalid_option", `pieceLength: wanted a whole number of units, not ${pieceLength}`);
  }
  const pieces = new Pieces(breakFinder(tokenizer.settings), pieceLength);
  const tokens = new DocumentTokens(tokenizer);
  for await (const part of source) {
    if (typeof part !== "string") {
      throw new TokenizerError("invalid_option", `encodeStream: wanted parts that are strings, not ${typeof part}`);
    }
    for (let at = 0; at < part.length; at += pieceLength) {
      const piece = pieces.add(part.slice(at, at + pieceLength));
      if (piece !== undefined) yield tokens.of(piece);
    }
  }
  if (pieces.rest !== "") yield tokens.of(pieces.rest);
}

/** Gathers parts of a document and cuts it into pieces that have the same tokens alone. */
class Pieces {
  /** What is not yet in a piece. */
  rest = "";
  readonly #findBreak: FindBreak;
  readonly #pieceLength: number;
  /** How far there is no break in the rest, and from which length on it is looked through again. */
  #searched = 0;
  #enough: number;

  constructor(findBreak: FindBreak, pieceLength: number) {
    this.#findBreak = findBreak;
    this.#pieceLength = pieceLength;
    this.#enough = pieceLength;
  }

  /** Adds a part; a piece where there is enough for one. */
  add(part: string): string | undefined {
    this.rest += part;
    if (this.rest.length < this.#enough) return undefined;
    const at = this.#findBreak(this.rest, this.#searched + 1, this.rest.length);
    if (at === undefined) {
      this.#searched = this.rest.length - 1;
      this.#enough = 2 * this.rest.length; // so that a long stretch is put together only a few times
      return undefined;
    }
    const piece = this.rest.slice(0, at);
    this.rest = this.rest.slice(at);
    this.#searched = this.rest.length - 1;
    this.#enough = this.#pieceLength;
    return piece;
  }
}

/** Counts on from piece to piece. */
class DocumentTokens {
  readonly #tokenizer: BertTokenizer;
  #start = 0;
  #words = 0;

  constructor(tokenizer: BertTokenizer) {
    this.#tokenizer = tokenizer;
  }

  of(piece: string): StreamedTokens {
    const { ids, ranges, wordIds } = this.#tokenizer.encode(piece, { addSpecialTokens: false });
    const start = this.#start;
    const words = this.#words;
    this.#start += piece.length;
    this.#words += (wordIds.at(-1) ?? -1) + 1;
    return { ids, ranges: shifted(ranges, start), wordIds: shifted(wordIds, words) };
  }
}

function shifted(values: Int32Array, by: number): Float64Array {
  const moved = new Float64Array(values);
  for (let at = 0; at < moved.length; at++) moved[at] = (moved[at] as number) + by;
  return moved;
}
