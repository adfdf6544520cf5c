import { ConfigError, showValue } from "@bertkit/layers";
import { concatRows } from "@bertkit/tensor";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { FeatureLayer } from "../inspection/feature-line.js";
import type { LoadModelOptions } from "../load-model-options.js";
import { answersOf, type Inputs } from "./answers-of.js";
import { loadEncoder } from "./load-task.js";
import type { Answered, TaskModel, TaskOptions } from "./task-model.js";
import { sequencesOf, type TextOrPair } from "./text-or-pair.js";

/** The hidden states of a text, or of a pair of texts. */
export interface Features {
  /** Special tokens included. */
  readonly tokens: readonly string[];
  /** In the order they were asked for. */
  readonly layers: readonly FeatureLayer[];
}

export interface ExtractOptions extends TaskOptions {
  /**
   * Which blocks: 0 is the first, -1 the last, as in Google's extract_features.py. Default -1, -2, -3, -4, or as many as
   * there are.
   */
  readonly layers?: readonly number[] | undefined;
}

/** Texts to hidden states, layer by layer (Devlin et al. 2019, section 5.3). `loadFeatureExtractor` makes one. */
export class FeatureExtractor implements Disposable {
  readonly #model: TaskModel<undefined>;

  constructor(model: TaskModel<undefined>) {
    this.#model = model;
  }

  get tokenizer(): BertTokenizer {
    return this.#model.tokenizer;
  }

  /** The backend's name. */
  get device(): string {
    return this.#model.device;
  }

  /** Tokens of a text or a pair at most, special tokens included; the rest is cut off. */
  get maxLength(): number {
    return this.#model.maxLength;
  }

  /** Numbers of a hidden state. */
  get width(): number {
    return this.#model.encoder.config.width;
  }

  /**
   * The hidden states of texts and pairs in their order: an array gives an array, an async iterable an async generator.
   * Throws `ConfigError` for a layer that there is not, `DisposedError` after disposal.
   */
  extract(inputs: readonly TextOrPair[], options?: ExtractOptions): Promise<Features[]>;
  extract(inputs: AsyncIterable<TextOrPair>, options?: ExtractOptions): AsyncGenerator<Features>;
  extract(inputs: Inputs<TextOrPair>, options: ExtractOptions = {}): Promise<Features[]> | AsyncGenerator<Features> {
    return answersOf({ name: "extract", input: "text" }, inputs, options, (given) => this.#answer(given, options));
  }

  /** Gives the model's memory back. */
  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }

  async *#answer(
    inputs: AsyncIterable<TextOrPair>,
    { layers: wanted, ...options }: ExtractOptions,
  ): AsyncGenerator<Answered<Features>> {
    const blocks = this.#model.encoder.config.layers;
    const layers = wanted ?? [-1, -2, -3, -4].filter((index) => -index <= blocks);
    const stranger = layers.find((index) => !(Number.isInteger(index) && index >= -blocks && index < blocks));
    if (stranger !== undefined || layers.length === 0) {
      const known = `this model's are ${-blocks} to ${blocks - 1}`;
      throw new ConfigError("layers", [`${known}, got ${layers.length > 0 ? showValue(stranger) : "none"}`]);
    }
    yield* this.#model.run(
      sequencesOf("extract", inputs, this.#model),
      {
        kept: { layers: true },
        // What the encoder keeps begins with the embeddings.
        forward: (encoded) => concatRows(layers.map((index) => encoded.layers.at(index < 0 ? index : index + 1)!)),
        answer: (values, [rows, width], batch) => {
          const tokens = rows! / layers.length;
          let first = 0;
          return batch.map(({ length, encoding }) => {
            const from = first;
            first += length;
            const valuesOf = (layer: number): Float32Array => {
              const start = (layer * tokens + from) * width!;
              return Float32Array.from(values.subarray(start, start + length * width!));
            };
            return { tokens: encoding.tokens, layers: layers.map((index, i) => ({ index, values: valuesOf(i) })) };
          });
        },
      },
      options,
    );
  }
}

/** A feature extractor from any model named as for `loadSentenceEncoder`. Throws as that does. */
export async function loadFeatureExtractor(model?: string, options: LoadModelOptions = {}): Promise<FeatureExtractor> {
  return new FeatureExtractor(await loadEncoder(model, options));
}
