import type { WordPiece } from "./word-piece.js";
import type { WordUnits } from "./word-units.js";

/** The pieces of a word: ids, and where in the word each ends, at the same places of two arrays. */
export interface WordPieces {
  ids: ArrayLike<number>;
  ends: ArrayLike<number>;
  from: number;
  count: number;
}

const slotBits = 15;
const slots = 1 << slotBits;
const longestWord = 24;
const mostPieces = 8;

/**
 * Remembers what WordPiece made of words. Each word has one place, from which it drives out the word before, so that the
 * memory is bounded and no choice of words makes looking up slow.
 */
export class WordCache {
  readonly #model: WordPiece;
  readonly #lengths = new Uint8Array(slots);
  readonly #counts = new Uint8Array(slots);
  readonly #units = new Uint16Array(slots * longestWord);
  readonly #ids = new Int32Array(slots * mostPieces);
  readonly #ends = new Uint8Array(slots * mostPieces);
  /** Ids of words of one unit plus one; 0 where not yet known. */
  readonly #ofUnit = new Int32Array(0x10000);
  readonly #found: { ids: number[]; ends: number[] } = { ids: [], ends: [] };
  readonly #pieces: WordPieces;

  constructor(model: WordPiece) {
    this.#model = model;
    this.#pieces = { ...this.#found, from: 0, count: 0 };
  }

  /** The id of a word of one unit; it is one piece whatever it is. */
  idOfUnit(unit: number): number {
    const known = this.#ofUnit[unit] as number;
    if (known > 0) return known - 1;
    this.#model.cut(String.fromCharCode(unit), this.#found);
    const id = this.#found.ids[0] as number;
    this.#ofUnit[unit] = id + 1;
    return id;
  }

  /** The pieces of a word; good until the next call. */
  pieces(word: WordUnits): WordPieces {
    const { length, hash } = word;
    const slot = ((hash ^ (hash >>> slotBits)) & (slots - 1)) >>> 0;
    if (length > longestWord) return this.#cut(word);
    if (!this.#holds(slot, word)) {
      const found = this.#cut(word);
      if (found.count > mostPieces) return found;
      this.#keep(slot, word);
    }
    const pieces = this.#pieces;
    pieces.ids = this.#ids;
    pieces.ends = this.#ends;
    pieces.from = slot * mostPieces;
    pieces.count = this.#counts[slot] as number;
    return pieces;
  }

  #holds(slot: number, { units, length }: WordUnits): boolean {
    if (this.#lengths[slot] !== length) return false;
    const from = slot * longestWord;
    for (let at = 0; at < length; at++) if (this.#units[from + at] !== units[at]) return false;
    return true;
  }

  #cut({ units, length }: WordUnits): WordPieces {
    this.#model.cut(textOfUnits(units, length), this.#found);
    const pieces = this.#pieces;
    pieces.ids = this.#found.ids;
    pieces.ends = this.#found.ends;
    pieces.from = 0;
    pieces.count = this.#found.ids.length;
    return pieces;
  }

  #keep(slot: number, { units, length }: WordUnits): void {
    const { ids, ends } = this.#found;
    this.#lengths[slot] = length;
    this.#counts[slot] = ids.length;
    this.#units.set(units.subarray(0, length), slot * longestWord);
    this.#ids.set(ids, slot * mostPieces);
    this.#ends.set(ends, slot * mostPieces);
  }
}

/** Code units as a string, some thousands at a time: a call has only so many arguments. */
function textOfUnits(units: Uint16Array, length: number): string {
  let text = "";
  for (let from = 0; from < length; from += 4096) {
    text += String.fromCharCode(...units.subarray(from, Math.min(length, from + 4096)));
  }
  return text;
}
