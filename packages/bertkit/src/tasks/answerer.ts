import {
  type QuestionInContext,
  type QuestionWindow,
  type QuestionWindowOptions,
  questionWindows,
} from "@bertkit/data";
import {
  type AnswerLogits,
  type AnswerSpan,
  type AnswerSpansOptions,
  answerSpans,
  QuestionAnswering,
} from "@bertkit/heads";
import { ConfigError, showValue } from "@bertkit/layers";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { LoadModelOptions } from "../load-model-options.js";
import { answersOf, type Inputs } from "./answers-of.js";
import { loadTask } from "./load-task.js";
import { tasks } from "./task-heads.js";
import type { Answered, TaskModel, TaskOptions, TaskSequence } from "./task-model.js";

/** The stretch of a context that answers a question; "" from 0 to 0 says that none does. */
export interface Answer {
  /** The context from `start` to `end`. */
  readonly text: string;
  /** In UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Its probability among `answers`, from 0 to 1. */
  readonly score: number;
  readonly startLogit: number;
  readonly endLogit: number;
  /**
   * The n best, the likeliest first, as Google's nbest_predictions.json has them: where no stretch of the context can be
   * the answer, and there must be one, the only text is "empty" from 0 to 0.
   */
  readonly answers: readonly AnswerSpan[];
  /** How far "no answer" is above the best answer, in logits; undefined without `nullThreshold`. */
  readonly nullOdds: number | undefined;
}

/** How contexts are read and answers chosen; the defaults are those of Google's run_squad.py. */
export interface AnswerOptions extends TaskOptions {
  /**
   * Tokens of a window at most, special tokens included; a longer context is read in several. Default 384, or the model's
   * maximum where that is less.
   */
  readonly maxLength?: number | undefined;
  /** How many of the context's tokens later the next window begins; a whole window where that is less. Default 128. */
  readonly stride?: number | undefined;
  /** Tokens of the question at most; the rest is cut off its end. Default 64. */
  readonly maxQuestionLength?: number | undefined;
  /** Starts and ends that each window may offer, and answers to keep. Default 20. */
  readonly nBest?: number | undefined;
  /** Tokens of an answer at most. Default 30. */
  readonly maxAnswerTokens?: number | undefined;
  /**
   * Given where there may be no answer, as in SQuAD 2.0: the answer is "" if `nullOdds` is above it. 0 is run_squad.py's.
   */
  readonly nullThreshold?: number | undefined;
}

/**
 * Questions to the stretches of text that answer them (Devlin et al. 2019, sections 4.2 and 4.3). `loadAnswerer` makes
 * one.
 */
export class Answerer implements Disposable {
  readonly #model: TaskModel<QuestionAnswering>;

  constructor(model: TaskModel<QuestionAnswering>) {
    this.#model = model;
  }

  get tokenizer(): BertTokenizer {
    return this.#model.tokenizer;
  }

  /** The backend's name. */
  get device(): string {
    return this.#model.device;
  }

  /** Tokens of a window at most, special tokens included; a context may have any number. */
  get maxLength(): number {
    return this.#model.maxLength;
  }

  /**
   * Answers questions in their order: an array gives an array, an async iterable an async generator that reads no further
   * ahead than a few thousand tokens. The windows of a context and those of other questions share batches; no answer
   * depends on what is asked with it. A question that is cut counts as `truncated`; a context without words has the
   * answer "". Throws `ConfigError` for what is no question in a context and for options that none can be,
   * `TokenizerError` for a question that leaves no room in the window, `DisposedError` after disposal.
   */
  answer(questions: readonly QuestionInContext[], options?: AnswerOptions): Promise<Answer[]>;
  answer(questions: AsyncIterable<QuestionInContext>, options?: AnswerOptions): AsyncGenerator<Answer>;
  answer(
    questions: Inputs<QuestionInContext>,
    options: AnswerOptions = {},
  ): Promise<Answer[]> | AsyncGenerator<Answer> {
    return answersOf({ name: "answer", input: "question" }, questions, options, (given) =>
      this.#answer(given, options),
    );
  }

  /** Gives the model's memory back. */
  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }

  async *#answer(
    questions: AsyncIterable<QuestionInContext>,
    options: AnswerOptions,
  ): AsyncGenerator<Answered<Answer>> {
    checkOptions(options, this.maxLength);
    const { head } = this.#model;
    const windows = this.#model.run(
      this.#windows(questions, options),
      {
        forward: (encoded) => head.forward(encoded),
        answer: (values, shape, batch): ReadWindow[] => {
          const encodings = batch.map(({ encoding }) => encoding);
          return head.answer(values, shape, encodings).map((logits, i) => ({ ...batch[i]!, ...logits }));
        },
      },
      options,
    );
    let read: Answered<ReadWindow>[] = [];
    for await (const window of windows) {
      read.push(window);
      if (!window.answer.isLast) continue;
      const tokens = read.reduce((sum, { tokens }) => sum + tokens, 0);
      yield {
        answer: answerIn(
          read.map(({ answer }) => answer),
          options,
        ),
        tokens,
        truncated: window.truncated,
      };
      read = [];
    }
  }

  async *#windows(
    questions: AsyncIterable<QuestionInContext>,
    { maxLength = Math.min(384, this.maxLength), stride, maxQuestionLength = 64 }: QuestionWindowOptions,
  ): AsyncGenerator<AskedWindow> {
    const { tokenizer } = this;
    for await (const asked of questions) {
      checkQuestion(asked);
      const { question, context } = asked;
      const windows = questionWindows(tokenizer, asked, { maxLength, stride, maxQuestionLength });
      for (const [i, { encoding, maxContext }] of windows.entries()) {
        yield { length: encoding.length, encoding, maxContext, context, isLast: i === windows.length - 1 };
      }
      if (windows.length > 0) continue;
      // The question goes through the model alone, so that its answer comes in its turn.
      const encoding = tokenizer.encode(question, { maxLength: maxQuestionLength + tokenizer.addedTokenCount() });
      yield { length: encoding.length, encoding, maxContext: undefined, context, isLast: true };
    }
  }
}

/** A window over the context of a question. */
interface AskedWindow extends TaskSequence {
  /** As of `QuestionWindow`; undefined where the context has no words, and so no windows. */
  readonly maxContext: QuestionWindow["maxContext"] | undefined;
  readonly context: string;
  /** Whether it is the question's last window. */
  readonly isLast: boolean;
}

type ReadWindow = AskedWindow & AnswerLogits;

/** Throws `ConfigError` that lists all that none can be. */
function checkOptions({ maxLength = 1, nullThreshold = 0, ...options }: AnswerOptions, longest: number): void {
  const { stride = 1, maxQuestionLength = 0, nBest = 1, maxAnswerTokens = 1 } = options;
  const problems = [
    ...Object.entries({ stride, nBest, maxAnswerTokens }).map(([name, value]) => notWhole(name, value, 1)),
    notWhole("maxLength", maxLength, 1, longest),
    notWhole("maxQuestionLength", maxQuestionLength, 0),
    Number.isNaN(nullThreshold) ? "nullThreshold must be a number, got NaN" : [],
  ].flat();
  if (problems.length > 0) throw new ConfigError("answer", problems);
}

function notWhole(name: string, value: number, least: number, most = Number.POSITIVE_INFINITY): string[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  const range = most === Number.POSITIVE_INFINITY ? `from ${least} on` : `from ${least} to ${most} for this model`;
  return [`${name} must be a whole number ${range}, got ${showValue(value)}`];
}

function checkQuestion(asked: unknown): void {
  const { question, context } = Object(asked) as { question?: unknown; context?: unknown };
  if (typeof question === "string" && typeof context === "string") return;
  const got =
    typeof asked === "object" && asked !== null
      ? `question ${showValue(question)} and context ${showValue(context)}`
      : showValue(asked);
  throw new ConfigError("answer", [`it wanted { question, context }, two strings, got ${got}`]);
}

/** The answer that all the windows of a question give. */
function answerIn(windows: readonly ReadWindow[], options: AnswerOptions): Answer {
  const { nBest, maxAnswerTokens, nullThreshold } = options;
  const { context } = windows[0]!;
  const withContext = windows.filter(
    (window): window is ReadWindow & Pick<QuestionWindow, "maxContext"> => window.maxContext !== undefined,
  );
  const decoding: AnswerSpansOptions = { context, nBest, maxAnswerTokens, nullThreshold };
  const { answer, nBest: answers, nullOdds } = answerSpans(withContext, decoding);
  const { start, end, startLogit, endLogit, probability } = answer;
  return { text: context.slice(start, end), start, end, score: probability, startLogit, endLogit, answers, nullOdds };
}

/**
 * An answerer from a model named as for `loadSentenceEncoder`, such as one that was fine-tuned on SQuAD. Throws as that
 * does, and `ConfigError` where its weights hold no question answering head.
 */
export async function loadAnswerer(model?: string, options: LoadModelOptions = {}): Promise<Answerer> {
  return new Answerer(
    await loadTask(model, options, {
      task: tasks.answer,
      make: ({ config: { width } }) => new QuestionAnswering({ width }),
    }),
  );
}
