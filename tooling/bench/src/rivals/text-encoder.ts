/** A side that takes texts and gives vectors, with its own tokenizer, batches and pooling. */
export interface TextEncoder {
  /** What runs, with what a comparison needs to know of it. */
  readonly name: string;
  /** The texts' normalised vectors, and how long it took, in milliseconds. */
  encode(texts: readonly string[]): Promise<TimedVectors>;
  close(): Promise<void>;
}

export interface TimedVectors {
  readonly vectors: readonly ArrayLike<number>[];
  readonly time: number;
}
