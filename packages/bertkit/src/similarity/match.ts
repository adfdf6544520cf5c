/** A vector that was found: where it stood among those that were searched, from 0, and how alike it is. */
export interface Match {
  readonly index: number;
  readonly score: number;
}

/** A vector and what it stands for. */
export interface Embedded<Item> {
  readonly vector: Float32Array;
  readonly item: Item;
}

/** A {@link Match} with what its vector stands for. */
export interface ItemMatch<Item> extends Match {
  readonly item: Item;
}
