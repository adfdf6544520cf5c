import { ConfigError, showValue } from "@bertkit/layers";
import { concatRows, reshape, sizeOf, type Tensor } from "@bertkit/tensor";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { InspectedText } from "../inspection/inspection-arrays.js";
import type { LoadModelOptions } from "../load-model-options.js";
import { answersOf, type Inputs } from "./answers-of.js";
import { loadEncoder } from "./load-task.js";
import type { Answered, TaskModel, TaskOptions } from "./task-model.js";
import { sequenceOf, type TextOrPair, textsIn } from "./text-or-pair.js";

/** What an inspection can hold. */
export type InspectedPart = "attention" | "hidden";

export interface InspectOptions extends TaskOptions {
  /** What to look at; the other stays empty, and takes no memory. Default both. */
  readonly parts?: readonly InspectedPart[] | undefined;
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

  /** Blocks, each of which attends once. */
  get layers(): number {
    return this.#model.encoder.config.layers;
  }

  /** Of each block. */
  get heads(): number {
    return this.#model.encoder.config.heads;
  }

  /** Numbers of a hidden state. */
  get width(): number {
    return this.#model.encoder.config.width;
  }

  /**
   * Looks inside while texts and pairs are read, in their order: an array gives an array, an async iterable an async
   * generator. A text of n tokens takes 4 · layers · heads · n² bytes for attention alone. Throws `ConfigError` for what
   * is no text and for parts that there are not, `DisposedError` after disposal.
   */
  inspect(inputs: readonly TextOrPair[], options?: InspectOptions): Promise<InspectedText[]>;
  inspect(inputs: AsyncIterable<TextOrPair>, options?: InspectOptions): AsyncGenerator<InspectedText>;
  inspect(
    inputs: Inputs<TextOrPair>,
    options: InspectOptions = {},
  ): Promise<InspectedText[]> | AsyncGenerator<InspectedText> {
    return answersOf({ name: "inspect", input: "text" }, inputs, options, (given) => this.#answer(given, options));
  }

  /** Gives the model's memory back. */
  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }

  async *#answer(
    inputs: AsyncIterable<TextOrPair>,
    { parts = ["attention", "hidden"], ...options }: InspectOptions,
  ): AsyncGenerator<Answered<InspectedText>> {
    checkParts(parts);
    const { heads, layers, width } = this;
    const attentions = parts.includes("attention") ? layers : 0;
    const states = parts.includes("hidden") ? layers + 1 : 0;
    yield* this.#model.run(
      this.#sequences(inputs),
      {
        kept: { layers: states > 0, attention: attentions > 0 ? "probabilities" : undefined },
        forward: (encoded) => concatRows([...encoded.attention, ...encoded.layers].map(flat)),
        answer: (values, _shape, batch) => {
          const tokens = batch.reduce((sum, { length }) => sum + length, 0);
          const weights = batch.reduce((sum, { length }) => sum + heads * length * length, 0);
          const before = { tokens: 0, weights: 0 };
          return batch.map(({ length, encoding, texts }) => {
            const part = (start: number, size: number) => Float32Array.from(values.subarray(start, start + size));
            const attention = Array.from({ length: attentions }, (_, layer) =>
              part(layer * weights + before.weights, heads * length * length),
            );
            const hidden = Array.from({ length: states }, (_, layer) =>
              part(attentions * weights + (layer * tokens + before.tokens) * width, length * width),
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

  async *#sequences(inputs: AsyncIterable<TextOrPair>) {
    const { tokenizer, maxLength } = this;
    for await (const input of inputs) {
      const texts = textsIn("inspect", input);
      yield { ...sequenceOf(tokenizer.encode(texts.text, { pair: texts.pair, maxLength })), texts };
    }
  }
}

function checkParts(parts: readonly InspectedPart[]): void {
  const stranger = parts.find((part) => part !== "attention" && part !== "hidden");
  if (parts.length > 0 && stranger === undefined) return;
  const given = parts.length > 0 ? showValue(stranger) : "none";
  throw new ConfigError("parts", [`it wanted "attention", "hidden" or both, got ${given}`]);
}

/** [n, 1], of any shape. */
const flat = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape), 1]);

/** An inspector of any model named as for `loadSentenceEncoder`. Throws as that does. */
export async function loadInspector(model?: string, options: LoadModelOptions = {}): Promise<Inspector> {
  return new Inspector(await loadEncoder(model, options));
}
