import type { Vocabulary } from "./vocabulary.js";

/** Numbers of an entry: a hash, where the units of the piece are, how many (negative: it continues a word), its id. */
const fields = 4;

/**
 * The pieces of a vocabulary by their UTF-16 units, found in a word without a string being made: a table with open
 * addressing, twice as large as there are pieces or more.
 */
export class PieceIndex {
  /** How many units {@link longest} found to match. */
  matched = 0;
  readonly #entries: Int32Array;
  /** The units of all tokens, one after the other. */
  readonly #units: Uint16Array;
  /** Units of the longest piece. */
  readonly #longest: number;
  /** Hashes of what stands at a place of a word, by how many units it has. */
  readonly #hashes: Int32Array;
  /** Drawn anew each time, so that no file can be made of tokens that meet in one place. */
  readonly #seed = Math.floor(Math.random() * 0x7fffffff);

  constructor(vocabulary: Vocabulary, continuationPrefix: string) {
    let units = 0;
    let pieces = 0;
    let longest = 0;
    vocabulary.forEach((token) => {
      units += token.length;
      pieces += token.startsWith(continuationPrefix) ? 2 : 1;
      longest = Math.max(longest, token.length);
    });
    this.#units = new Uint16Array(units);
    this.#entries = new Int32Array(fields * 2 ** Math.ceil(Math.log2(2 * pieces + 1)));
    this.#longest = longest;
    this.#hashes = new Int32Array(longest + 1);
    let at = 0;
    vocabulary.forEach((token, id) => {
      for (let unit = 0; unit < token.length; unit++) this.#units[at + unit] = token.charCodeAt(unit);
      const end = at + token.length;
      this.#add(at, end, 1, id);
      if (token.startsWith(continuationPrefix)) this.#add(at + continuationPrefix.length, end, -1, id);
      at = end;
    });
  }

  /** The id of the longest piece that units `from` to `to` of a word begin with; -1 where there is none. */
  longest(word: Uint16Array, from: number, to: number): number {
    const hashes = this.#hashes;
    const entries = this.#entries;
    const last = entries.length - 1;
    const sign = from === 0 ? 1 : -1;
    const most = Math.min(to - from, this.#longest);
    this.#hash(word, from, most);
    for (let length = most; length > 0; length--) {
      const hash = hashes[length] as number;
      const wanted = sign * length;
      for (let entry = Math.imul(hash, fields) & last; ; entry = (entry + fields) & last) {
        const found = entries[entry + 2] as number;
        if (found === 0) break;
        if (found !== wanted || entries[entry] !== hash) continue;
        if (!this.#isAt(entries[entry + 1] as number, word, from, length)) continue;
        this.matched = length;
        return entries[entry + 3] as number;
      }
    }
    return -1;
  }

  /** Hashes what stands at a place, for every length up to a limit. */
  #hash(units: Uint16Array, from: number, most: number): void {
    const hashes = this.#hashes;
    let hash = this.#seed;
    for (let length = 1; length <= most; length++) {
      hash = Math.imul(hash ^ (units[from + length - 1] as number), 0x5bd1e995);
      hash ^= hash >>> 15;
      hashes[length] = hash;
    }
  }

  #isAt(at: number, word: Uint16Array, from: number, length: number): boolean {
    const units = this.#units;
    for (let unit = 0; unit < length; unit++) if (units[at + unit] !== word[from + unit]) return false;
    return true;
  }

  #add(from: number, to: number, sign: 1 | -1, id: number): void {
    const length = to - from;
    if (length === 0) return;
    this.#hash(this.#units, from, length);
    const entries = this.#entries;
    const hash = this.#hashes[length] as number;
    const last = entries.length - 1;
    let entry = Math.imul(hash, fields) & last;
    while (entries[entry + 2] !== 0) entry = (entry + fields) & last;
    entries[entry] = hash;
    entries[entry + 1] = from;
    entries[entry + 2] = sign * length;
    entries[entry + 3] = id;
  }
}
