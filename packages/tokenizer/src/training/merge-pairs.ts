import type { CutWords } from "./cut-words.js";
import { MergeQueue } from "./merge-queue.js";
import type { Pieces } from "./pieces.js";
import type { Work } from "./turns.js";

/** When {@link mergePairs} stops. */
export interface MergeLimits {
  /** Pieces to have in the end. */
  readonly size: number;
  /** A pair that is rarer is not merged. */
  readonly minFrequency: number;
}

/**
 * Makes one piece of the two neighbours that are most often neighbours, again and again (byte-pair encoding, Sennrich
 * et al. 2016), in the order of Hugging Face's `BpeTrainer`, from which it follows that
 * - of pairs as frequent as each other the one with the smallest ids is merged;
 * - a pair that has been merged keeps the count it had then, and what is new is added to that where it arises again: a
 *   piece can come of two pairs, `##bcd` of `##bc ##d` and of `##b ##cd`.
 */
export function* mergePairs(words: CutWords, pieces: Pieces, { size, minFrequency }: MergeLimits): Work<void> {
  const pairs = new PairCounts();
  const queue = new MergeQueue();
  let visited = 0;
  for (let word = 0; word < words.starts.length; word++) {
    if (visited++ % 64 === 0) yield;
    countPairs(words, word, pairs);
  }
  for (let age = 0; ; age++) {
    for (const [pair, places] of pairs.takeChanged()) {
      const count = pairs.count(pair);
      if (count > 0) queue.push({ pair, count, words: places, age });
      if (visited++ % 64 === 0) yield;
    }
    if (pieces.size >= size) return;
    let next = queue.pop();
    while (next !== undefined && next.count !== pairs.count(next.pair)) {
      queue.push({ ...next, count: pairs.count(next.pair) });
      next = queue.pop();
      if (visited++ % 64 === 0) yield;
    }
    if (next === undefined || next.count < Math.max(minFrequency, 1)) return;
    const [left, right] = piecesOf(next.pair);
    const merge = { left, right, merged: pieces.addMerged(left, right) };
    for (const word of next.words) {
      if (visited++ % 64 === 0) yield;
      mergeInWord(words, word, merge, pairs);
    }
  }
}

/** How often pieces are neighbours, and where they have become so. */
class PairCounts {
  /** By the first piece, then by the second: one map of all pairs would stop for a tenth of a second when it grows. */
  readonly #counts: Map<number, number>[] = [];
  #changed = new Map<number, number[]>();

  count(pair: number): number {
    const [left, right] = piecesOf(pair);
    return this.#counts[left]?.get(right) ?? 0;
  }

  /** Words are visited one after the other. */
  add(left: number, right: number, count: number, word: number): void {
    this.#change(left, right, count);
    const pair = pairOf(left, right);
    const places = this.#changed.get(pair);
    if (places === undefined) this.#changed.set(pair, [word]);
    else if (places[places.length - 1] !== word) places.push(word);
  }

  remove(left: number, right: number, count: number): void {
    this.#change(left, right, -count);
  }

  /** The pairs that were added since the last time, with the words they are in. */
  takeChanged(): ReadonlyMap<number, readonly number[]> {
    const changed = this.#changed;
    this.#changed = new Map();
    return changed;
  }

  #change(left: number, right: number, by: number): void {
    while (left >= this.#counts.length) this.#counts.push(new Map());
    const counts = this.#counts[left] as Map<number, number>;
    counts.set(right, (counts.get(right) ?? 0) + by);
  }
}

/** Two ids in one number, which orders pairs by the first and then the second: ids are below 2^26. */
const pairOf = (left: number, right: number): number => left * 2 ** 26 + right;

const piecesOf = (pair: number): readonly [left: number, right: number] => [Math.floor(pair / 2 ** 26), pair % 2 ** 26];

function countPairs({ pieces, starts, lengths, counts }: CutWords, word: number, pairs: PairCounts): void {
  const start = starts[word] as number;
  const end = start + (lengths[word] as number);
  const count = counts[word] as number;
  for (let at = start + 1; at < end; at++) pairs.add(pieces[at - 1] as number, pieces[at] as number, count, word);
}

/** Puts the merged piece in the place of every such pair of a word, from its beginning on. */
function mergeInWord(
  { pieces, starts, lengths, counts }: CutWords,
  word: number,
  { left, right, merged }: { readonly left: number; readonly right: number; readonly merged: number },
  pairs: PairCounts,
): void {
  const start = starts[word] as number;
  const end = start + (lengths[word] as number);
  const count = counts[word] as number;
  let kept = start; // the end of what has been looked at
  for (let at = start; at < end; ) {
    if (pieces[at] !== left || at + 1 === end || pieces[at + 1] !== right) {
      pieces[kept++] = pieces[at++] as number;
      continue;
    }
    if (kept > start) {
      const before = pieces[kept - 1] as number;
      pairs.remove(before, left, count);
      pairs.add(before, merged, count, word);
    }
    pieces[kept++] = merged;
    at += 2;
    if (at < end) {
      const after = pieces[at] as number;
      pairs.remove(right, after, count);
      pairs.add(merged, after, count, word);
    }
  }
  lengths[word] = kept - start;
}
