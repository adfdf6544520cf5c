/** The best so many of the items it was given: a heap whose first is the worst that is still in. */
export class Best<Item> {
  readonly #heap: Item[] = [];

  /** @param order negative where the first item is the better one; 0 never, so that the result does not depend on order */
  constructor(
    readonly limit: number,
    readonly order: (a: Item, b: Item) => number,
  ) {}

  get size(): number {
    return this.#heap.length;
  }

  /** The item that a new one has to beat; undefined while there is room. */
  get last(): Item | undefined {
    return this.size < this.limit ? undefined : this.#heap[0];
  }

  add(item: Item): void {
    const { last } = this;
    if (last === undefined) this.#rise(item);
    else if (this.order(item, last) < 0) this.#sink(item);
  }

  /** Its items, the best first. */
  sorted(): Item[] {
    return [...this.#heap].sort(this.order);
  }

  #rise(item: Item): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.order(heap[parent]!, item) > 0) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = item;
  }

  /** In the place of the first. */
  #sink(item: Item): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.order(heap[child]!, heap[child + 1]!) < 0) child++;
      if (this.order(item, heap[child]!) > 0) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = item;
  }
}
