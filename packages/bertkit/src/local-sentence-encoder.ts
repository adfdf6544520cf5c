import type { ConfiguredEncoder } from "@bertkit/encoder-family";
import type { SentenceEmbedding } from "@bertkit/heads";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { EncodeOptions, SentenceEncoder } from "./sentence-encoder.js";
import type { SentencePipeline } from "./sentence-pipeline.js";
import { type Texts, vectorsOf } from "./vectors-of.js";

/** A sentence encoder on the thread that calls it: a tokenizer, an encoder and a head on one backend. */
export class LocalSentenceEncoder implements SentenceEncoder {
  readonly tokenizer: BertTokenizer;
  readonly encoder: ConfiguredEncoder;
  readonly head: SentenceEmbedding;
  readonly device: string;
  readonly width: number;
  readonly maxLength: number;
  readonly prompts: ReadonlyMap<string, string>;
  readonly #pipeline: SentencePipeline;

  constructor(pipeline: SentencePipeline) {
    const { tokenizer, encoder, head, device, width, maxLength, prompts } = pipeline;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.head = head;
    this.device = device;
    this.width = width;
    this.maxLength = maxLength;
    this.prompts = prompts;
    this.#pipeline = pipeline;
  }

  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>;
  encode(texts: AsyncIterable<string>, options?: EncodeOptions): AsyncGenerator<Float32Array>;
  encode(texts: Texts, options: EncodeOptions = {}): Promise<Float32Array[]> | AsyncGenerator<Float32Array> {
    return vectorsOf(texts, options, (checked) => this.#pipeline.encode(checked, options));
  }

  [Symbol.dispose](): void {
    this.#pipeline[Symbol.dispose]();
  }
}
