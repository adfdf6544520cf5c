import { CrossEncoder } from "@bertkit/heads";
import { ConfigError, showValue } from "@bertkit/layers";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { LoadModelOptions } from "../load-model-options.js";
import { Best } from "../similarity/best.js";
import { answersOf, type Inputs, inputStream } from "./answers-of.js";
import { loadTask } from "./load-task.js";
import { tasks } from "./task-heads.js";
import type { Answered, TaskModel, TaskOptions } from "./task-model.js";
import { pairsIn, sequencesOf } from "./text-or-pair.js";

/** A passage, and how well it answers the query. */
export interface RankedPassage {
  /** Where it stood among the passages, from 0. */
  readonly index: number;
  readonly score: number;
  readonly text: string;
}

/** What goes with a passage, and how well that answers the query. */
export interface RankedItem<Item> {
  /** Where it stood among the items, from 0. */
  readonly index: number;
  readonly score: number;
  readonly item: Item;
}

export interface RankOptions extends TaskOptions {
  /** So many of the best. Default: all. */
  readonly top?: number | undefined;
}

/**
 * Scores passages for a query, both read together: a cross-encoder, as sentence-transformers has it (Nogueira & Cho
 * 2019). `loadReranker` makes one.
 */
export class Reranker implements Disposable {
  readonly #model: TaskModel<CrossEncoder>;

  constructor(model: TaskModel<CrossEncoder>) {
    this.#model = model;
  }

  get tokenizer(): BertTokenizer {
    return this.#model.tokenizer;
  }

  /** The backend's name. */
  get device(): string {
    return this.#model.device;
  }

  /** Tokens of a query and a passage at most, special tokens included; the longer of the two loses the rest. */
  get maxLength(): number {
    return this.#model.maxLength;
  }

  /**
   * The passages, the best first; those of the same score as they stood. A stream is read as it goes, and with `top`
   * holds no more than those. Throws `ConfigError` for what is no query, no passage or no number of them,
   * `DisposedError` after disposal.
   */
  async rank(query: string, passages: Inputs<string>, options: RankOptions = {}): Promise<RankedPassage[]> {
    async function* items(): AsyncGenerator<{ readonly text: string }> {
      for await (const text of inputStream({ name: "rank", input: "passage" }, passages)) yield { text };
    }
    const ranked = await this.rankItems(query, items(), options);
    return ranked.map(({ index, score, item: { text } }) => ({ index, score, text }));
  }

  /** As `rank`, of passages that something goes with, such as an id. */
  async rankItems<Item extends { readonly text: string }>(
    query: string,
    items: Inputs<Item>,
    { top = Number.POSITIVE_INFINITY, ...options }: RankOptions = {},
  ): Promise<RankedItem<Item>[]> {
    if (typeof query !== "string") throw new ConfigError("rank", [`it wanted a query, got ${showValue(query)}`]);
    if (!(top >= 1 && (Number.isInteger(top) || top === Number.POSITIVE_INFINITY))) {
      throw new ConfigError("rank", [`top must be a whole number above 0, got ${showValue(top)}`]);
    }
    const best = new Best<RankedItem<Item>>(top, (a, b) => b.score - a.score || a.index - b.index);
    const waiting: Item[] = [];
    async function* pairs(): AsyncGenerator<readonly [string, string]> {
      for await (const item of inputStream({ name: "rank", input: "passage" }, items)) {
        const { text } = item;
        if (typeof text !== "string") throw new ConfigError("rank", [`it wanted a passage, got ${showValue(text)}`]);
        waiting.push(item);
        yield [query, text];
      }
    }
    let index = 0;
    for await (const score of this.score(pairs(), options)) best.add({ index: index++, score, item: waiting.shift()! });
    return best.sorted();
  }

  /** A score for each pair of query and passage, in their order: an array gives an array, a stream a generator. */
  score(pairs: readonly (readonly [string, string])[], options?: TaskOptions): Promise<number[]>;
  score(pairs: AsyncIterable<readonly [string, string]>, options?: TaskOptions): AsyncGenerator<number>;
  score(
    pairs: Inputs<readonly [string, string]>,
    options: TaskOptions = {},
  ): Promise<number[]> | AsyncGenerator<number> {
    return answersOf({ name: "rank", input: "pair" }, pairs, options, (given) => this.#answer(given, options));
  }

  /** Gives the model's memory back. */
  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }

  async *#answer(
    pairs: AsyncIterable<readonly [string, string]>,
    options: TaskOptions,
  ): AsyncGenerator<Answered<number>> {
    const { head } = this.#model;
    yield* this.#model.run(
      sequencesOf("rank", pairsIn("rank", pairs), this.#model),
      {
        forward: (encoded) => head.forward(encoded),
        answer: (values, shape) => head.answer(values, shape),
      },
      options,
    );
  }
}

/**
 * A re-ranker from a model named as for `loadSentenceEncoder`, such as sentence-transformers' cross-encoders. Throws as
 * that does, and `ConfigError` where its weights hold no classification head of one label.
 */
export async function loadReranker(model?: string, options: LoadModelOptions = {}): Promise<Reranker> {
  return new Reranker(
    await loadTask(model, options, {
      task: tasks.rank,
      make: ({ config: { width }, settings }) => new CrossEncoder({ width, activation: settings.rerankActivation }),
    }),
  );
}
