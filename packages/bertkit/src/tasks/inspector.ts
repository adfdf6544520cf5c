import { concatRows, reshape, sizeOf, type Tensor } from "@bertkit/tensor";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { LoadModelOptions } from "../load-model-options.js";
import { answersOf, type Inputs } from "./answers-of.js";
import { loadEncoder } from "./load-task.js";
import type { Answered, TaskModel, TaskOptions } from "./task-model.js";
import { type TextOrPair, textsIn } from "./text-or-pair.js";

/** What goes on inside an encoder while it reads a text, or a pair of texts. */
export interface Inspection {
  readonly text: string;
  readonly pair: string | undefined;
  /** Special tokens included. */
  readonly tokens: readonly string[];
  /** [2 · tokens] As of `Encoding`. */
  readonly ranges: Int32Array;
  /** [tokens] As of `Encoding`. */
  readonly sequenceIds: Int32Array;
  /** One a block, [heads, tokens, tokens] flat: how much each token (a row) attends to each; a row's sum is 1. */
  readonly attention: readonly Float32Array[];
  /** The embeddings, then what each block gives, [tokens, width] flat. */
  readonly hidden: readonly Float32Array[];
}

/** Texts to attention probabilities and hidden states (Clark et al. 2019). `loadInspector` makes one. */
export class Inspector implements Disposable {
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

  get heads(): number {
    return this.#model.bert.config.heads;
  }

  get width(): number {
    return this.#model.bert.config.width;
  }

  /**
   * Looks inside while texts and pairs are read, in their order: an array gives an array, an async iterable an async
   * generator. Throws `ConfigError` for what is no text, `DisposedError` after disposal.
   */
  inspect(inputs: readonly TextOrPair[], options?: TaskOptions): Promise<Inspection[]>;
  inspect(inputs: AsyncIterable<TextOrPair>, options?: TaskOptions): AsyncGenerator<Inspection>;
  inspect(inputs: Inputs<TextOrPair>, options: TaskOptions = {}): Promise<Inspection[]> | AsyncGenerator<Inspection> {
    return answersOf({ name: "inspect", input: "text" }, inputs, options, (given) => this.#answer(given, options));
  }

  /** Gives the model's memory back. */
  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }

  async *#answer(inputs: AsyncIterable<TextOrPair>, options: TaskOptions): AsyncGenerator<Answered<Inspection>> {
    const { heads, layers, width } = this.#model.bert.config;
    const { tokenizer, maxLength } = this;
    async function* sequences() {
      for await (const input of inputs) {
        const texts = textsIn("inspect", input);
        const encoding = tokenizer.encode(texts.text, { pair: texts.pair, maxLength });
        yield { length: encoding.length, encoding, texts };
      }
    }
    yield* this.#model.run(
      sequences(),
      {
        kept: { layers: true, attention: "probabilities" },
        forward: ({ attention, layers: states }) => concatRows([...attention, ...states].map(flat)),
        answer: (values, _shape, batch) => {
          const tokens = batch.reduce((sum, { length }) => sum + length, 0);
          const weights = batch.reduce((sum, { length }) => sum + heads * length * length, 0);
          const before = { tokens: 0, weights: 0 };
          return batch.map(({ length, encoding, texts }) => {
            const part = (start: number, size: number) => Float32Array.from(values.subarray(start, start + size));
            const attention = Array.from({ length: layers }, (_, layer) =>
              part(layer * weights + before.weights, heads * length * length),
            );
            const hidden = Array.from({ length: layers + 1 }, (_, layer) =>
              part(layers * weights + (layer * tokens + before.tokens) * width, length * width),
            );
            before.tokens += length;
            before.weights += heads * length * length;
            const { tokens: names, ranges, sequenceIds } = encoding;
            return { ...texts, tokens: names, ranges, sequenceIds, attention, hidden };
          });
        },
      },
      options,
    );
  }
}

/** [n, 1], of any shape. */
const flat = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape), 1]);

/** An inspector of any model named as for `loadSentenceEncoder`. Throws as that does. */
export async function loadInspector(model?: string, options: LoadModelOptions = {}): Promise<Inspector> {
  return new Inspector(await loadEncoder(model, options));
}
