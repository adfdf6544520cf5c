import type { Bert } from "@bertkit/bert-model";
import type { SentenceEmbedding } from "@bertkit/heads";
import { ConfigError, type PackedBatch } from "@bertkit/layers";
import { type Backend, DisposedError, tidy } from "@bertkit/tensor";
import { type BertTokenizer, packEncodings } from "@bertkit/tokenizer";
import { fillBatches } from "./batching/fill-batches.js";
import { oneAhead } from "./batching/one-ahead.js";
import { textWindows } from "./batching/text-windows.js";
import { type TextTokens, type Tokenization, tokenizeEach } from "./batching/tokenization.js";
import { type Turns, turnsOf } from "./batching/turns.js";
import type { EncodeOptions } from "./sentence-encoder.js";
import { type SentenceSettings, vectorWidth } from "./sentence-settings.js";
import type { EncodedText } from "./vectors-of.js";

// Throughput is the same from 192 to 1024 tokens (MiniLM on wasm, one thread); fewer let the event loop turn more often.
const defaultBatchTokens = 256;

/** Enough for the texts to fill their batches, few enough for the first vector to come soon. */
const windowBatches = 16;
/** However large the batches are. */
const mostWindowTokens = 8192;

export interface PipelineParts {
  readonly tokenizer: BertTokenizer;
  readonly bert: Bert;
  readonly head: SentenceEmbedding;
  readonly settings: SentenceSettings;
  readonly maxLength: number;
  readonly backend: Backend;
  /** What to dispose of with it, in this order. */
  readonly owned: readonly Disposable[];
}

/** The texts of a call, for `SentencePipeline`. */
export interface TokenSource {
  /** The texts' tokens in their order. */
  tokens(how: Tokenization): AsyncIterable<TextTokens>;
  /** Whether others make them, so that a window is asked for while the one before it is computed. */
  readonly isElsewhere: boolean;
}

/** What makes vectors of texts, piece by piece; both kinds of sentence encoder have one behind them. */
export class SentencePipeline implements Disposable {
  readonly tokenizer: BertTokenizer;
  readonly bert: Bert;
  readonly head: SentenceEmbedding;
  readonly device: string;
  readonly width: number;
  readonly maxLength: number;
  readonly #settings: SentenceSettings;
  readonly #turns: Turns;
  #owned: readonly Disposable[] | undefined;

  constructor({ tokenizer, bert, head, settings, maxLength, backend, owned }: PipelineParts) {
    this.tokenizer = tokenizer;
    this.bert = bert;
    this.head = head;
    this.device = backend.name;
    this.width = vectorWidth(settings, bert.config.width);
    this.maxLength = maxLength;
    this.#settings = settings;
    this.#turns = turnsOf(backend);
    this.#owned = owned;
  }

  get prompts(): ReadonlyMap<string, string> {
    return this.#settings.prompts;
  }

  /** The texts' vectors in their order, those that are ready together. Throws as `SentenceEncoder.encode` does. */
  encode(texts: AsyncIterable<string>, options: EncodeOptions): AsyncGenerator<readonly EncodedText[]> {
    return this.encodeTokens({ tokens: (how) => tokenizeEach(texts, how), isElsewhere: false }, options);
  }

  /** The same for texts that are tokenised by others. */
  async *encodeTokens(source: TokenSource, options: EncodeOptions): AsyncGenerator<readonly EncodedText[]> {
    const { batchTokens = defaultBatchTokens, signal } = options;
    if (!(Number.isInteger(batchTokens) && batchTokens > 0)) {
      throw new ConfigError("batchTokens", [`it must be a whole number above 0, got ${batchTokens}`]);
    }
    const prompt = this.#prompt(options);
    const skip = this.#settings.includePrompt || prompt === "" ? 0 : this.#promptTokens(prompt);
    const windowTokens = Math.max(batchTokens, Math.min(windowBatches * batchTokens, mostWindowTokens));
    const rules = { prompt, lowerCase: this.#settings.lowerCase, maxLength: this.maxLength };
    const tokens = source.tokens({ tokenizer: this.tokenizer, rules });
    const windows = textWindows(tokens, { windowTokens, batchTokens, signal });
    for await (const window of source.isElsewhere ? oneAhead(windows) : windows) {
      yield* this.#encodeWindow(window, { batchTokens, skip, signal });
    }
    signal?.throwIfAborted();
  }

  /** Gives the model's memory back, and what else it owns. */
  [Symbol.dispose](): void {
    for (const part of this.#owned ?? []) part[Symbol.dispose]();
    this.#owned = undefined;
  }

  async *#encodeWindow(
    window: readonly TextTokens[],
    { batchTokens, skip, signal }: { batchTokens: number; skip: number; signal: AbortSignal | undefined },
  ): AsyncGenerator<readonly EncodedText[]> {
    const lengths = window.map(({ length }) => length);
    const encoded = new Array<EncodedText | undefined>(window.length).fill(undefined);
    let given = 0;
    for (const places of fillBatches(lengths, batchTokens)) {
      const batch = packEncodings(places.map((place) => window[place]!));
      const vectors = await this.#turns.take(() => this.#forward(batch, skip), signal);
      for (const [i, place] of places.entries()) {
        encoded[place] = { vector: vectors[i]!, tokens: lengths[place]!, truncated: window[place]!.truncated };
      }
      const ready: EncodedText[] = [];
      for (let next = encoded[given]; next; next = encoded[given]) {
        ready.push(next);
        encoded[given++] = undefined;
      }
      if (ready.length > 0) yield ready;
    }
  }

  async #forward(batch: PackedBatch, skip: number): Promise<Float32Array[]> {
    if (!this.#owned) throw new DisposedError("this sentence encoder was disposed of");
    using vectors = tidy(() => this.head.vectors(this.bert.forward(batch), { skip }));
    return this.head.answer(await vectors.read(), vectors.shape);
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
