/**
 * How often each word was seen. A hash table over UTF-16 units that lie end to end: it holds no strings, of which a
 * slice would hold the text it was cut from. It takes 2 bytes a unit and 32 bytes a word, up to twice that while it
 * grows.
 */
export class WordTable {
  #length = 0;
  #units = new Uint16Array(1 << 12);
  /** Word i is units ends[i - 1] to ends[i]. */
  #ends = new Float64Array(1 << 8);
  #counts = new Float64Array(1 << 8);
  #hashes = new Int32Array(1 << 8);
  /** Words by hash, counted from 1; 0 is free. In parts, so that growing does not hold the caller. */
  readonly #parts = Array.from({ length: partCount }, (): Part => ({ slots: new Int32Array(8), taken: 0 }));

  /** How many different words there are. */
  get length(): number {
    return this.#length;
  }

  /** Counts units `from` to `to` of a text as a word. */
  add(text: string, from: number, to: number, count: number): void {
    let hash = 0;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x9e3779b1) ^ (hash >>> 15);
    const part = this.#parts[hash >>> partShift] as Part;
    const mask = part.slots.length - 1;
    let slot = (hash ^ (hash >>> 16)) & mask;
    for (let known = part.slots[slot] as number; known > 0; known = part.slots[slot] as number) {
      const index = known - 1;
      if (this.#hashes[index] === hash && this.#holds(index, text, from, to)) {
        this.#counts[index] = (this.#counts[index] as number) + count;
        return;
      }
      slot = (slot + 1) & mask;
    }
    this.#append(text, from, to, count, hash);
    part.slots[slot] = this.#length;
    if (2 * ++part.taken > part.slots.length) this.#rehash(part);
  }

  word(index: number): string {
    return String.fromCharCode(...this.#units.subarray(this.#start(index), this.#ends[index]));
  }

  count(index: number): number {
    return this.#counts[index] as number;
  }

  #start(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] as number);
  }

  #holds(index: number, text: string, from: number, to: number): boolean {
    const start = this.#start(index);
    if ((this.#ends[index] as number) - start !== to - from) return false;
    for (let at = from; at < to; at++) if (this.#units[start + at - from] !== text.charCodeAt(at)) return false;
    return true;
  }

  #append(text: string, from: number, to: number, count: number, hash: number): void {
    const index = this.#length++;
    const start = this.#start(index);
    const end = start + to - from;
    while (end > this.#units.length) this.#units = grown(this.#units, new Uint16Array(2 * this.#units.length));
    for (let at = from; at < to; at++) this.#units[start + at - from] = text.charCodeAt(at);
    if (index === this.#ends.length) {
      this.#ends = grown(this.#ends, new Float64Array(2 * index));
      this.#counts = grown(this.#counts, new Float64Array(2 * index));
      this.#hashes = grown(this.#hashes, new Int32Array(2 * index));
    }
    this.#ends[index] = end;
    this.#counts[index] = count;
    this.#hashes[index] = hash;
  }

  #rehash(part: Part): void {
    const slots = new Int32Array(2 * part.slots.length);
    const mask = slots.length - 1;
    for (const known of part.slots) {
      if (known === 0) continue;
      const hash = this.#hashes[known - 1] as number;
      let slot = (hash ^ (hash >>> 16)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = known;
    }
    part.slots = slots;
  }
}

interface Part {
  slots: Int32Array;
  taken: number;
}

const partCount = 64;

/** The upper bits of a hash say which part it is in. */
const partShift = 26;

function grown<Values extends { set(values: Values): void }>(values: Values, larger: Values): Values {
  larger.set(values);
  return larger;
}
