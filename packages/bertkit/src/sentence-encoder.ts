import type { Bert } from "@bertkit/bert-model";
import type { SentenceEmbedding } from "@bertkit/heads";
import { ConfigError, type PackedBatch } from "@bertkit/layers";
import { type Backend, DisposedError, tidy } from "@bertkit/tensor";
import type { BertTokenizer } from "@bertkit/tokenizer";
import { macrotask } from "./macrotask.js";
import { packTexts } from "./pack-texts.js";
import { type SentenceSettings, vectorWidth } from "./sentence-settings.js";

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

// Throughput is the same from 192 to 1024 tokens (MiniLM on wasm, one thread); fewer let the event loop turn more often.
const defaultBatchTokens = 256;

interface Parts {
  readonly tokenizer: BertTokenizer;
  readonly bert: Bert;
  readonly head: SentenceEmbedding;
  readonly settings: SentenceSettings;
  readonly maxLength: number;
  readonly backend: Backend;
  /** What to dispose of with the encoder, in this order. */
  readonly owned: readonly Disposable[];
}

/** Texts to vectors: a tokenizer, an encoder and a head on one backend. `loadSentenceEncoder` makes one. */
export class SentenceEncoder implements Disposable {
  readonly tokenizer: BertTokenizer;
  readonly bert: Bert;
  readonly head: SentenceEmbedding;
  /** Tokens of a text at most, special tokens included; the rest is cut off. */
  readonly maxLength: number;
  /** How many numbers a vector has. */
  readonly width: number;
  /** The backend's name. */
  readonly device: string;
  readonly #settings: SentenceSettings;
  #owned: readonly Disposable[] | undefined;

  constructor({ tokenizer, bert, head, settings, maxLength, backend, owned }: Parts) {
    this.tokenizer = tokenizer;
    this.bert = bert;
    this.head = head;
    this.maxLength = maxLength;
    this.width = vectorWidth(settings, bert.config.width);
    this.device = backend.name;
    this.#settings = settings;
    this.#owned = owned;
  }

  /** Prompts that the model's files name. */
  get prompts(): ReadonlyMap<string, string> {
    return this.#settings.prompts;
  }

  /**
   * One vector a text, in their order: an array gives an array, an async iterable gives an async generator that reads no
   * further ahead than a batch. The same text has the same vector, to the bit, whatever is encoded with it.
   * Throws `ConfigError` for an unknown prompt or a batch without tokens, `DisposedError` after disposal.
   */
  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>;
  encode(texts: AsyncIterable<string>, options?: EncodeOptions): AsyncGenerator<Float32Array>;
  encode(
    texts: readonly string[] | AsyncIterable<string>,
    options: EncodeOptions = {},
  ): Promise<Float32Array[]> | AsyncGenerator<Float32Array> {
    if (Array.isArray(texts)) return collect(this.#vectors(texts, options));
    if (typeof texts === "object" && Symbol.asyncIterator in texts) return this.#vectors(texts, options);
    throw new ConfigError("encode", ["it takes an array of texts or an async iterable of them: put one text into [ ]"]);
  }

  /** Gives the model's memory back, and closes the backend if it is the encoder's own. */
  [Symbol.dispose](): void {
    for (const part of this.#owned ?? []) part[Symbol.dispose]();
    this.#owned = undefined;
  }

  async *#vectors(
    texts: Iterable<string> | AsyncIterable<string>,
    options: EncodeOptions,
  ): AsyncGenerator<Float32Array> {
    const { batchTokens = defaultBatchTokens, signal, onProgress } = options;
    if (!(Number.isInteger(batchTokens) && batchTokens > 0)) {
      throw new ConfigError("batchTokens", [`it must be a whole number above 0, got ${batchTokens}`]);
    }
    const prompt = this.#prompt(options);
    const skip = this.#settings.includePrompt || prompt === "" ? 0 : this.#promptTokens(prompt);
    const { maxLength } = this;
    const done = { texts: 0, tokens: 0, truncated: 0 };
    const prepared = this.#prepared(texts, prompt);
    for await (const { batch, truncated } of packTexts(prepared, this.tokenizer, { maxLength, batchTokens, signal })) {
      signal?.throwIfAborted();
      const vectors = await this.#forward(batch, skip);
      for (const [i, vector] of vectors.entries()) {
        done.texts++;
        done.tokens += batch.offsets[i + 1]! - batch.offsets[i]!;
        if (truncated[i]) done.truncated++;
        onProgress?.({ ...done });
        yield vector;
      }
      await macrotask();
    }
    signal?.throwIfAborted();
  }

  async #forward(batch: PackedBatch, skip: number): Promise<Float32Array[]> {
    if (!this.#owned) throw new DisposedError("this sentence encoder was disposed of");
    using vectors = tidy(() => this.head.vectors(this.bert.forward(batch), { skip }));
    return this.head.answer(await vectors.read(), vectors.shape);
  }

  async *#prepared(texts: Iterable<string> | AsyncIterable<string>, prompt: string): AsyncGenerator<string> {
    const { lowerCase } = this.#settings;
    for await (const text of texts) {
      if (typeof text !== "string") throw new ConfigError("encode", [`it wanted a string, got ${typeof text}`]);
      yield lowerCase ? (prompt + text).toLowerCase() : prompt + text;
    }
  }

  #prompt({ prompt, promptName }: EncodeOptions): string {
    const { prompts, defaultPrompt = "" } = this.#settings;
    if (prompt !== undefined) return prompt;
    if (promptName === undefined) return defaultPrompt;
    const named = prompts.get(promptName);
    if (named === undefined) {
      const known = prompts.size > 0 ? `it has ${[...prompts.keys()].join(", ")}` : "it has none";
      throw new ConfigError("prompt", [`this model has no prompt named ${JSON.stringify(promptName)}; ${known}`]);
    }
    return named;
  }

  /** Of the prompt as it stands before a text: its special tokens but the last. */
  #promptTokens(prompt: string): number {
    return this.tokenizer.encode(prompt, { maxLength: this.maxLength }).length - 1;
  }
}

async function collect(vectors: AsyncIterable<Float32Array>): Promise<Float32Array[]> {
  const result: Float32Array[] = [];
  for await (const vector of vectors) result.push(vector);
  return result;
}
