/** How far `encode` has come. */
export interface EncodeProgress {
  readonly texts: number;
  readonly tokens: number;
  /** Texts that were cut to the maximum length. */
  readonly truncated: number;
}

export interface EncodeOptions {
  /** Tokens of a batch at most; no vector depends on it. */
  readonly batchTokens?: number | undefined;
  /** Put before each text. */
  readonly prompt?: string | undefined;
  /** The same by the name that the model's files give it. Without either, the files' default prompt is used, if any. */
  readonly promptName?: string | undefined;
  /** Stops between two batches, or while a text is waited for: `encode` then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called for each text, just before its vector is given; that text is counted. */
  readonly onProgress?: ((progress: EncodeProgress) => void) | undefined;
}

/** Texts to vectors, on this thread or on a worker's. `loadSentenceEncoder` makes one. */
export interface SentenceEncoder extends Disposable {
  /** The backend's name. */
  readonly device: string;
  /** How many numbers a vector has. */
  readonly width: number;
  /** Tokens of a text at most, special tokens included; the rest is cut off. */
  readonly maxLength: number;
  /** Prompts that the model's files name. */
  readonly prompts: ReadonlyMap<string, string>;

  /**
   * One vector a text, in their order: an array gives an array, an async iterable gives an async generator that reads no
   * further ahead than a few thousand tokens. The same text has the same vector, to the bit, whatever is encoded with
   * it. Calls that run at the same time get a batch each in turn. Throws `ConfigError` for an unknown prompt or a batch
   * without tokens, `DisposedError` after disposal, `WorkerLostError` when a thread of the pool was killed (the next
   * call works), and in a worker `WorkerEndedError` when that was.
   */
  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>;
  encode(texts: AsyncIterable<string>, options?: EncodeOptions): AsyncGenerator<Float32Array>;

  /** Gives the model's memory back, and closes the backend that no other encoder uses, unless it was given one. */
  [Symbol.dispose](): void;
}
