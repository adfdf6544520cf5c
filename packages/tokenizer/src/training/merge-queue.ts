/** A pair of pieces that may become one piece. */
export interface Candidate {
  /** Both pieces in one number, as `pairOf` makes it. */
  readonly pair: number;
  /** How often the pair was there when this was put into the queue. */
  readonly count: number;
  /** Where the pair may be found. */
  readonly words: readonly number[];
  /** The merge that made it; of one pair and one age there is only one. */
  readonly age: number;
}

/** Candidates in the order in which they are merged: the most frequent, of those the pair of the smallest ids. */
export class MergeQueue {
  /** A binary heap: what stands at i goes before what stands at 2 i + 1 and 2 i + 2. */
  readonly #heap: Candidate[] = [];

  push(candidate: Candidate): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!goesBefore(candidate, heap[above] as Candidate)) break;
      heap[at] = heap[above] as Candidate;
      at = above;
    }
    heap[at] = candidate;
  }

  /** Takes out the first, where there is one. */
  pop(): Candidate | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts a candidate in the place of the first, and moves it to where it belongs. */
  #sink(candidate: Candidate): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && goesBefore(heap[below + 1] as Candidate, heap[below] as Candidate)) below++;
      if (!goesBefore(heap[below] as Candidate, candidate)) break;
      heap[at] = heap[below] as Candidate;
      at = below;
    }
    heap[at] = candidate;
  }
}

function goesBefore(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.pair !== b.pair ? a.pair < b.pair : a.age < b.age;
}
