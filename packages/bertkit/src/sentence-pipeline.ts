import type { ConfiguredEncoder } from "@bertkit/encoder-family";
import type { SentenceEmbedding } from "@bertkit/heads";
import { ConfigError } from "@bertkit/layers";
import { type Backend, DisposedError, tidy } from "@bertkit/tensor";
import { type BertTokenizer, packEncodings } from "@bertkit/tokenizer";
import { runBatches } from "./batching/run-batches.js";
import { type TextTokens, type Tokenization, tokenizeEach } from "./batching/tokenization.js";
import { type Turns, turnsOf } from "./batching/turns.js";
import type { EncodeOptions } from "./sentence-encoder.js";
import { type SentenceSettings, vectorWidth } from "./sentence-settings.js";
import type { EncodedText } from "./vectors-of.js";

export interface PipelineParts {
  readonly tokenizer: BertTokenizer;
  readonly encoder: ConfiguredEncoder;
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
  readonly encoder: ConfiguredEncoder;
  readonly head: SentenceEmbedding;
  readonly device: string;
  readonly width: number;
  readonly maxLength: number;
  readonly #settings: SentenceSettings;
  readonly #turns: Turns;
  #owned: readonly Disposable[] | undefined;

  constructor({ tokenizer, encoder, head, settings, maxLength, backend, owned }: PipelineParts) {
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.head = head;
    this.device = backend.name;
    this.width = vectorWidth(settings, encoder.config.width);
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
    const { batchTokens, signal } = options;
    const prompt = this.#prompt(options);
    const skip = this.#settings.includePrompt || prompt === "" ? 0 : this.#promptTokens(prompt);
    const rules = { prompt, lowerCase: this.#settings.lowerCase, maxLength: this.maxLength };
    yield* runBatches(source.tokens({ tokenizer: this.tokenizer, rules }), {
      ...{ batchTokens, signal, turns: this.#turns, isElsewhere: source.isElsewhere },
      run: (batch) => this.#forward(batch, skip),
    });
  }

  /** Gives the model's memory back, and what else it owns. */
  [Symbol.dispose](): void {
    for (const part of this.#owned ?? []) part[Symbol.dispose]();
    this.#owned = undefined;
  }

  async #forward(texts: readonly TextTokens[], skip: number): Promise<EncodedText[]> {
    if (!this.#owned) throw new DisposedError("this sentence encoder was disposed of");
    const batch = packEncodings(texts);
    using vectors = tidy(() => this.head.vectors(this.encoder.forward(batch), { skip }));
    const answers = this.head.answer(await vectors.read(), vectors.shape);
    return texts.map(({ length, truncated }, i) => ({ vector: answers[i]!, tokens: length, truncated }));
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
