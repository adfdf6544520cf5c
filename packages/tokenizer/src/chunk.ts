import type { TextRange } from "./alignment.js";
import type { BertTokenizer } from "./bert-tokenizer.js";
import type { Encoding } from "./encoding.js";
import { sentenceStarts } from "./sentences.js";
import { TokenizerError } from "./tokenizer-error.js";

/** A part of a document: `text.slice(start, end)`. */
export interface Chunk extends TextRange {
  /** How many tokens `encode` makes of it, special tokens included. */
  readonly tokens: number;
}

/** How {@link chunk} cuts. */
export interface ChunkOptions {
  /** Tokens of a chunk at most, special tokens included. */
  readonly maxTokens: number;
  /** Tokens at most that a chunk repeats of the one before, whole sentences or words of them; 0 where absent. */
  readonly overlap?: number | undefined;
  /** What stays whole where it fits into a chunk; `sentence` where absent. */
  readonly by?: "sentence" | "word" | "token" | undefined;
}

/**
 * Cuts a document into parts that a model can read, each as long as it may be: of whole sentences; of words where a
 * sentence is too long, of tokens where a word is. They leave nothing out: white space between two is at the end of the
 * first. A text without tokens has no chunks.
 * @throws {TokenizerError} `invalid_option` where the overlap is not below the room for the text; `maximum_too_short`
 * where `maxTokens` has no room beside the special tokens, or a single token that is cut off from its word needs more.
 */
export function chunk(tokenizer: BertTokenizer, text: string, options: ChunkOptions): readonly Chunk[] {
  const { overlap = 0, by = "sentence" } = options;
  if (!Object.hasOwn(ranksOf, by)) {
    throw new TokenizerError("invalid_option", `by: wanted "sentence", "word" or "token", not ${JSON.stringify(by)}`);
  }
  const room = roomOf(tokenizer, options);
  const document = new CutDocument(tokenizer, text, options.maxTokens);
  const ranks = ranksOf[by];
  const chunks: Chunk[] = [];
  let begun = -1;
  for (let done = 0; done < document.tokens; ) {
    const repeated = document.firstCut(Math.max(begun + 1, done - overlap), done, ranks);
    const found = document.best([repeated, done], room, ranks);
    if (found === undefined) throw document.unfit(done);
    chunks.push(found.chunk);
    begun = found.begin;
    done = found.end;
  }
  return chunks;
}

// How good a place to cut is.
const inWord = 1;
const atPunctuation = 2;
const atSpace = 3;
const atSentence = 4;
const ranksOf = {
  token: [inWord],
  word: [atSpace, atPunctuation, inWord],
  sentence: [atSentence, atSpace, atPunctuation, inWord],
};

interface Found {
  /** Its tokens, counted in the document. */
  readonly begin: number;
  readonly end: number;
  readonly chunk: Chunk;
}

/** A document, and where it may be cut: before tokens. */
class CutDocument {
  readonly tokens: number;
  readonly #tokenizer: BertTokenizer;
  readonly #text: string;
  readonly #maxTokens: number;
  readonly #ranges: Int32Array;
  /** [tokens] How good a place to cut is before each token; 0 where it stands for a character of the token before. */
  readonly #ranks: Uint8Array;

  constructor(tokenizer: BertTokenizer, text: string, maxTokens: number) {
    const encoding = tokenizer.encode(text, { addSpecialTokens: false });
    this.tokens = encoding.length;
    this.#tokenizer = tokenizer;
    this.#text = text;
    this.#maxTokens = maxTokens;
    this.#ranges = encoding.ranges;
    this.#ranks = cutRanks(text, encoding);
  }

  /** The first place to cut from a token on, of the highest of some ranks that there is; `to` where there is none. */
  firstCut(from: number, to: number, ranks: readonly number[]): number {
    for (const rank of ranks) {
      for (let at = from; at < to; at++) if ((this.#ranks[at] as number) >= rank) return at;
    }
    return to;
  }

  /** The longest chunk that ends at a place of the highest rank that one can, and of those the one that repeats most. */
  best([repeated, done]: readonly [number, number], room: number, ranks: readonly number[]): Found | undefined {
    for (const rank of ranks) {
      for (const begin of repeated < done ? [repeated, done] : [done]) {
        const found = this.#longest({ begin, after: done, limit: begin + room, rank });
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  unfit(at: number): TokenizerError {
    const piece = this.#text.slice(this.#position(at), this.#ranges[2 * at + 1]);
    return new TokenizerError(
      "maximum_too_short",
      `maxTokens: ${this.#maxTokens} has no room for ${JSON.stringify(piece.slice(0, 40))} by itself: allow more`,
    );
  }

  /** The longest chunk that ends after a token, within a limit, at a place of a rank, and is short enough by itself. */
  #longest(wanted: { begin: number; after: number; limit: number; rank: number }): Found | undefined {
    const { begin, after, limit, rank } = wanted;
    for (let end = Math.min(limit, this.tokens); end > after; end--) {
      if (end < this.tokens && (this.#ranks[end] as number) < rank) continue;
      const range = { start: this.#position(begin), end: this.#position(end) };
      // Cut off from what stood round it, a part of a word can have other tokens, and more.
      const tokens = this.#tokenizer.countTokens(this.#text.slice(range.start, range.end));
      if (tokens <= this.#maxTokens) return { begin, end, chunk: { ...range, tokens } };
    }
    return undefined;
  }

  /** Where a chunk begins whose first token this is, and the one before ends. */
  #position(at: number): number {
    if (at === 0) return 0;
    return at === this.tokens ? this.#text.length : (this.#ranges[2 * at] as number);
  }
}

function cutRanks(text: string, { length, ranges, wordIds }: Encoding): Uint8Array {
  const sentences = sentenceStarts(text);
  const ranks = new Uint8Array(length);
  let next = 0;
  for (let at = 0; at < length; at++) {
    const end = at === 0 ? 0 : (ranges[2 * at - 1] as number);
    const start = ranges[2 * at] as number;
    const from = next;
    while (next < sentences.length && (sentences[next] as number) <= start) next++;
    if (start < end) continue;
    if (at === 0 || next > from) ranks[at] = atSentence;
    else if (wordIds[at] === wordIds[at - 1]) ranks[at] = inWord;
    else ranks[at] = start > end || isBetweenIdeographs(text, start) ? atSpace : atPunctuation;
  }
  return ranks;
}

/** Whether words may end without a space here: from U+2E80 on, but not behind what opens or before what closes. */
function isBetweenIdeographs(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  const after = text.charAt(at);
  return (
    (before >= "\u2e80" || after >= "\u2e80") &&
    !/[「『（《〈【]/.test(before) &&
    !/[、。，．！？；：」』）》〉】]/.test(after)
  );
}

function roomOf(tokenizer: BertTokenizer, { maxTokens, overlap = 0 }: ChunkOptions): number {
  const added = tokenizer.addedTokenCount();
  if (!Number.isInteger(maxTokens) || !Number.isInteger(overlap) || overlap < 0) {
    throw new TokenizerError(
      "invalid_option",
      `maxTokens and overlap: wanted whole numbers of tokens, not ${maxTokens} and ${overlap}`,
    );
  }
  const room = maxTokens - added;
  if (room < 1) {
    throw new TokenizerError(
      "maximum_too_short",
      `maxTokens: ${maxTokens} has no room for text beside the ${added} special tokens: allow more`,
    );
  }
  if (overlap >= room) {
    throw new TokenizerError(
      "invalid_option",
      `overlap: wanted fewer tokens than the ${room} of text that a chunk has room for, not ${overlap}`,
    );
  }
  return room;
}
