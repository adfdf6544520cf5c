/** What precision and recall are made of, for one label. */
export interface LabelCounts {
  /** How often it is gold and predicted at once. */
  readonly right: number;
  readonly predicted: number;
  readonly gold: number;
}

/** Counts labels as they come; a label exists from its first count on. */
export class LabelCounter<L> {
  readonly #counts = new Map<L, { right: number; predicted: number; gold: number }>();

  /** One more of a label. */
  add(label: L, kind: keyof LabelCounts): void {
    const counts = this.#counts.get(label) ?? { right: 0, predicted: 0, gold: 0 };
    counts[kind]++;
    this.#counts.set(label, counts);
  }

  /** All labels' counts, in an order of the labels. */
  sorted(compare: (a: L, b: L) => number): Map<L, LabelCounts> {
    return new Map([...this.#counts].sort(([a], [b]) => compare(a, b)));
  }
}
