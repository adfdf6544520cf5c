/** Every block starts at, and is as long as, a multiple of this: a cache line. */
export const blockAlignment = 64;

interface Free {
  start: number;
  size: number;
}

/**
 * Hands out ranges of one growing address space: best fit, neighbours joined when they come free. Knows addresses
 * only, never touches memory.
 */
export class Allocator {
  /** By address; no two touch. */
  readonly #free: Free[] = [];
  readonly #taken = new Map<number, number>();
  #end: number;

  /**
   * @param start the first address it may give, aligned
   * @param grow makes addresses below `end` usable and returns the new end, at least `end`; throws when it cannot
   */
  constructor(
    start: number,
    private readonly grow: (end: number) => number,
  ) {
    this.#end = start;
  }

  /** The first address that was never asked for. */
  get end(): number {
    return this.#end;
  }

  /** The start of a range of at least `bytes`, disjoint from all that are taken. */
  allocate(bytes: number): number {
    const size = Math.max(1, Math.ceil(bytes / blockAlignment)) * blockAlignment;
    const index = this.#bestFit(size);
    const block = this.#free[index]!;
    const { start } = block;
    block.start += size;
    block.size -= size;
    if (block.size === 0) this.#free.splice(index, 1);
    this.#taken.set(start, size);
    return start;
  }

  /** Takes a range back. Returns false if none starts there. */
  release(start: number): boolean {
    const size = this.#taken.get(start);
    if (size === undefined) return false;
    this.#taken.delete(start);
    this.#join(start, size);
    return true;
  }

  /** The smallest free block that is large enough; the space grows where there is none. */
  #bestFit(size: number): number {
    let best = -1;
    for (let index = 0; index < this.#free.length; index++) {
      const candidate = this.#free[index]!.size;
      if (candidate >= size && (best < 0 || candidate < this.#free[best]!.size)) best = index;
      if (candidate === size) break;
    }
    if (best >= 0) return best;
    const last = this.#free.at(-1);
    const reused = last && last.start + last.size === this.#end ? last.size : 0;
    const end = this.grow(this.#end + size - reused);
    const start = this.#end;
    this.#end = end;
    this.#join(start, end - start);
    return this.#free.length - 1;
  }

  #join(start: number, size: number): void {
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#free[middle]!.start < start) low = middle + 1;
      else high = middle;
    }
    const before = this.#free[low - 1];
    const after = this.#free[low];
    const touchesBefore = before !== undefined && before.start + before.size === start;
    const touchesAfter = after !== undefined && start + size === after.start;
    if (touchesBefore) {
      before.size += size + (touchesAfter ? after.size : 0);
      if (touchesAfter) this.#free.splice(low, 1);
    } else if (touchesAfter) {
      after.start = start;
      after.size += size;
    } else {
      this.#free.splice(low, 0, { start, size });
    }
  }
}
