/** A stream of random choices that a text gives: the same text, the same choices, on every machine. */
export class Random {
  /** xoshiro128**: https://prng.di.unimi.it/xoshiro128starstar.c */
  readonly #state: Uint32Array;
  /** How often what should be right is made wrong: in some cases never, so that these reach the end. */
  readonly #mischief: number;

  constructor(seed: string) {
    this.#state = Uint32Array.from([1, 2, 3, 4], (salt) => hashOf(`${salt}/${seed}`));
    this.#mischief = this.pick([0, 0.01, 0.05, 0.25]);
  }

  /** A whole number from 0, less than `limit`. */
  below(limit: number): number {
    return Math.floor((this.#next() / 2 ** 32) * limit);
  }

  chance(probability: number): boolean {
    return this.#next() < probability * 2 ** 32;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  /** As many things as `count` says. */
  several<Item>(count: number, make: (index: number) => Item): Item[] {
    return Array.from({ length: count }, (_, i) => make(i));
  }

  /** What is right or, as often as this case makes mischief, what is not. */
  orWrong<Item>(right: Item, wrong: () => Item): Item {
    return this.chance(this.#mischief) ? wrong() : right;
  }

  /** A number, or one of those that programs get wrong. */
  count(right: number): number {
    return this.orWrong(right, () => Number(this.extreme()));
  }

  /** A number at the edge of some width. */
  extreme(): bigint {
    const edge = 1n << BigInt(this.pick([0, 7, 8, 15, 16, 22, 24, 30, 31, 32, 40, 48, 52, 53, 62, 63, 64]));
    return edge + BigInt(this.below(3) - 1);
  }

  #next(): number {
    const first = this.#state[0]!;
    const second = this.#state[1]!;
    const third = this.#state[2]!;
    const fourth = this.#state[3]!;
    const result = Math.imul(rotated(Math.imul(second, 5), 7), 9) >>> 0;
    const mixed = third ^ first;
    const other = fourth ^ second;
    this.#state[1] = second ^ mixed;
    this.#state[0] = first ^ other;
    this.#state[2] = mixed ^ (second << 9);
    this.#state[3] = rotated(other, 11);
    return result;
  }
}

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/** FNV-1a, then the finaliser of MurmurHash3, so that texts which differ at their end differ everywhere. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
