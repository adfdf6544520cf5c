import type { Encoding } from "./encoding.js";

/** A part of a text in UTF-16 units, from `start` up to and without `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Tokens of an encoding, from `start` up to and without `end`. */
export interface TokenRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the tokens of an encoding by where they stand in the text, and by words. Made once for many questions; each is
 * answered in the logarithm of the tokens. `sequence` is 0 for the text and 1 for its pair. Tokens are counted in the
 * encoding, special tokens included. Of words that were split before, positions are counted in each word: ask for
 * `tokensOfWord` there.
 */
export class Alignment {
  readonly #ranges: Int32Array;
  readonly #wordIds: Int32Array;
  readonly #sequences: readonly [TokenRange, TokenRange];
  /** [tokens] The largest end so far in the sequence: ranges of added tokens may lie inside each other. */
  readonly #reached: Int32Array;

  constructor({ ranges, wordIds, sequenceIds }: Pick<Encoding, "ranges" | "wordIds" | "sequenceIds">) {
    this.#ranges = ranges;
    this.#wordIds = wordIds;
    this.#sequences = [rangeOf(sequenceIds, 0), rangeOf(sequenceIds, 1)];
    this.#reached = new Int32Array(wordIds.length);
    for (const { start, end } of this.#sequences) {
      let reached = 0;
      for (let token = start; token < end; token++) {
        reached = Math.max(reached, ranges[2 * token + 1] as number);
        this.#reached[token] = reached;
      }
    }
  }

  /** The tokens of a text; none where it was cut off whole, or where there is no such text. */
  tokensOf(sequence: 0 | 1 = 0): TokenRange {
    return this.#sequences[sequence];
  }

  /** The first token that a character belongs to; undefined for white space, what was removed, and what was cut off. */
  tokenAt(position: number, sequence: 0 | 1 = 0): number | undefined {
    const token = this.#firstBeyond(position, sequence);
    return token !== undefined && (this.#ranges[2 * token] as number) <= position ? token : undefined;
  }

  /** The number of the word that a character belongs to, as in `wordIds`; undefined where no token has it. */
  wordAt(position: number, sequence: 0 | 1 = 0): number | undefined {
    const token = this.tokenAt(position, sequence);
    return token === undefined ? undefined : this.#wordIds[token];
  }

  /** The tokens that have a part of a part of the text; undefined where none has. */
  tokensIn({ start, end }: TextRange, sequence: 0 | 1 = 0): TokenRange | undefined {
    const first = start < end ? this.#firstBeyond(start, sequence) : undefined;
    if (first === undefined) return undefined;
    const last = firstWhere(
      first,
      this.#sequences[sequence].end,
      (token) => (this.#ranges[2 * token] as number) >= end,
    );
    return first < last ? { start: first, end: last } : undefined;
  }

  /** The tokens of a word; undefined where there is none of it. */
  tokensOfWord(word: number, sequence: 0 | 1 = 0): TokenRange | undefined {
    const { start, end } = this.#sequences[sequence];
    const first = firstWhere(start, end, (token) => (this.#wordIds[token] as number) >= word);
    const last = firstWhere(first, end, (token) => (this.#wordIds[token] as number) > word);
    return first < last ? { start: first, end: last } : undefined;
  }

  /** Where the tokens of a word stand in the text, from the first to the last; undefined where there is none of it. */
  rangeOfWord(word: number, sequence: 0 | 1 = 0): TextRange | undefined {
    const tokens = this.tokensOfWord(word, sequence);
    if (tokens === undefined) return undefined;
    return { start: this.#ranges[2 * tokens.start] as number, end: this.#ranges[2 * tokens.end - 1] as number };
  }

  #firstBeyond(position: number, sequence: 0 | 1): number | undefined {
    const { start, end } = this.#sequences[sequence];
    const token = firstWhere(start, end, (token) => (this.#reached[token] as number) > position);
    return token < end ? token : undefined;
  }
}

function rangeOf(sequenceIds: Int32Array, sequence: number): TokenRange {
  const start = sequenceIds.indexOf(sequence);
  return start < 0 ? { start: 0, end: 0 } : { start, end: sequenceIds.lastIndexOf(sequence) + 1 };
}

/** The first index from `start` on of which something holds that holds of all that follow; `end` where there is none. */
function firstWhere(start: number, end: number, holds: (index: number) => boolean): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
