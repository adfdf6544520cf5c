import type { Cell, Column } from "../rows/row.js";

/** A row of what is searched, as results show it. */
export interface CorpusItem {
  readonly text: string;
  /** Where it stands: `reviews.csv:12`. */
  readonly place: string;
  /** The kept columns, in the order of {@link Corpus.columns}. */
  readonly cells: readonly Cell[];
}

/** A row with how far into the source it ends and, where it came with one, its vector. */
export interface CorpusRow extends CorpusItem {
  readonly position: number;
  readonly vector: Float32Array | undefined;
}

/** How many numbers the vectors of a file must have, and why. */
export interface WantedWidth {
  readonly width: number;
  readonly model: string;
}

/** What is searched: rows whose texts are to be encoded, or that come with vectors. */
export interface Corpus {
  /** Whether each row comes with a vector. */
  readonly hasVectors: boolean;
  /** Whether the vectors are mere numbers, whose rows end where the model's width says. */
  readonly isRaw: boolean;
  /** In the unit of the rows' positions; undefined where nobody knows. */
  readonly extent: number | undefined;
  readonly columns: readonly Column[];
  /** The rows in order, once. Vectors of another width than is wanted, or than those before them, are a failure. */
  rows(wanted: WantedWidth | undefined): AsyncIterable<CorpusRow>;
  /** What a person should know about what was read, once it was. */
  warning(): string | undefined;
}
