import { type LabelScore, type Problem, SequenceClassification } from "@bertkit/heads";
import { ConfigError } from "@bertkit/layers";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { LoadModelOptions } from "../load-model-options.js";
import { answersOf, type Inputs } from "./answers-of.js";
import { loadTask } from "./load-task.js";
import { tasks } from "./task-heads.js";
import type { Answered, TaskModel, TaskOptions } from "./task-model.js";
import { sequencesOf, type TextOrPair } from "./text-or-pair.js";

/** What a text, or a pair of texts, is. */
export interface Classification {
  /** The labels it has: the likeliest; of a multi-label model those that score `threshold` or more, none to all. */
  readonly labels: readonly LabelScore[];
  /** Every label, the highest score first. */
  readonly scores: readonly LabelScore[];
}

export interface ClassifyOptions extends TaskOptions {
  /** From 0 to 1, for multi-label models. Default 0.5. */
  readonly threshold?: number | undefined;
}

/** Texts or pairs of texts to labels, with the head that a model was fine-tuned with. `loadClassifier` makes one. */
export class Classifier implements Disposable {
  readonly #model: TaskModel<SequenceClassification>;

  constructor(model: TaskModel<SequenceClassification>) {
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

  /** In the order of the model's logits. */
  get labels(): readonly string[] {
    return this.#model.head.labels;
  }

  /** Whether a text has one label, any number of them, or a number. */
  get problem(): Problem {
    return this.#model.head.problem;
  }

  /**
   * Classifies texts and pairs in their order: an array gives an array, an async iterable an async generator that reads
   * no further ahead than a few thousand tokens. Scores are probabilities; of a regression model the number itself. An
   * answer does not depend on what is classified with it. Throws `ConfigError` for a threshold that none can be, and
   * `DisposedError` after disposal.
   */
  classify(inputs: readonly TextOrPair[], options?: ClassifyOptions): Promise<Classification[]>;
  classify(inputs: AsyncIterable<TextOrPair>, options?: ClassifyOptions): AsyncGenerator<Classification>;
  classify(
    inputs: Inputs<TextOrPair>,
    options: ClassifyOptions = {},
  ): Promise<Classification[]> | AsyncGenerator<Classification> {
    return answersOf({ name: "classify", input: "text" }, inputs, options, (given) => this.#answer(given, options));
  }

  /** Gives the model's memory back. */
  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }

  async *#answer(
    inputs: AsyncIterable<TextOrPair>,
    { threshold = 0.5, ...options }: ClassifyOptions,
  ): AsyncGenerator<Answered<Classification>> {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new ConfigError("classify", [`the threshold must be from 0 to 1, got ${threshold}`]);
    }
    const { head } = this.#model;
    const isMultiLabel = head.problem === "multi_label_classification";
    yield* this.#model.run(
      sequencesOf("classify", inputs, this.#model),
      {
        forward: (encoded) => head.forward(encoded),
        answer: (values, shape) =>
          head.answer(values, shape).map((scores) => ({
            scores,
            labels: isMultiLabel ? scores.filter(({ score }) => score >= threshold) : scores.slice(0, 1),
          })),
      },
      options,
    );
  }
}

/**
 * A classifier from a model named as for `loadSentenceEncoder`, whose weights hold a classification head. Throws as
 * that does, and `ConfigError` where they hold none: it is never made up.
 */
export async function loadClassifier(model?: string, options: LoadModelOptions = {}): Promise<Classifier> {
  return new Classifier(
    await loadTask(model, options, {
      task: tasks.classify,
      make: ({ config, settings }) =>
        new SequenceClassification({
          width: config.width,
          labels: settings.labels,
          problem: settings.problem,
          dropout: settings.classifierDropout,
        }),
    }),
  );
}
