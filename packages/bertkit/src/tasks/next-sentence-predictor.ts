import { NextSentence } from "@bertkit/heads";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { LoadModelOptions } from "../load-model-options.js";
import { answersOf, type Inputs } from "./answers-of.js";
import { loadTask } from "./load-task.js";
import { tasks } from "./task-heads.js";
import type { Answered, TaskModel, TaskOptions } from "./task-model.js";
import { pairsIn, sequencesOf } from "./text-or-pair.js";

/** Whether a text follows another. */
export interface NextSentencePrediction {
  /** Whether it more likely does than not. */
  readonly follows: boolean;
  /** How likely it does, from 0 to 1. */
  readonly score: number;
}

/** Tells whether one text follows another (Devlin et al. 2019, section 3.1, task 2). `loadNextSentencePredictor` makes one. */
export class NextSentencePredictor implements Disposable {
  readonly #model: TaskModel<NextSentence>;

  constructor(model: TaskModel<NextSentence>) {
    this.#model = model;
  }

  get tokenizer(): BertTokenizer {
    return this.#model.tokenizer;
  }

  /** The backend's name. */
  get device(): string {
    return this.#model.device;
  }

  /** Tokens of a pair at most, special tokens included; the longer text loses the rest. */
  get maxLength(): number {
    return this.#model.maxLength;
  }

  /**
   * For each pair whether its second text follows its first, in their order: an array gives an array, an async iterable
   * an async generator. Throws `ConfigError` for an input that is no pair, `DisposedError` after disposal.
   */
  next(pairs: readonly (readonly [string, string])[], options?: TaskOptions): Promise<NextSentencePrediction[]>;
  next(pairs: AsyncIterable<readonly [string, string]>, options?: TaskOptions): AsyncGenerator<NextSentencePrediction>;
  next(
    pairs: Inputs<readonly [string, string]>,
    options: TaskOptions = {},
  ): Promise<NextSentencePrediction[]> | AsyncGenerator<NextSentencePrediction> {
    return answersOf({ name: "next", input: "pair" }, pairs, options, (given) => this.#answer(given, options));
  }

  /** Gives the model's memory back. */
  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }

  async *#answer(
    pairs: AsyncIterable<readonly [string, string]>,
    options: TaskOptions,
  ): AsyncGenerator<Answered<NextSentencePrediction>> {
    const { head } = this.#model;
    yield* this.#model.run(
      sequencesOf("next", pairsIn("next", pairs), this.#model),
      {
        forward: (encoded) => head.forward(encoded),
        answer: (values, shape) => head.answer(values, shape).map((score) => ({ follows: score >= 0.5, score })),
      },
      options,
    );
  }
}

/**
 * A next sentence predictor from a model named as for `loadSentenceEncoder`, such as BERT as it was pre-trained. Throws
 * as that does, and `ConfigError` where its weights hold no such head.
 */
export async function loadNextSentencePredictor(
  model?: string,
  options: LoadModelOptions = {},
): Promise<NextSentencePredictor> {
  return new NextSentencePredictor(
    await loadTask(model, options, {
      task: tasks.next,
      make: ({ config: { width } }) => new NextSentence({ width }),
    }),
  );
}
