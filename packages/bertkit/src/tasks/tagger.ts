import {
  type Aggregation,
  entitiesOf,
  type LabelScore,
  type ScoredTokens,
  TokenClassification,
  type TokenScores,
  type WordLabel,
  wordLabels,
} from "@bertkit/heads";
import { ConfigError, showValue } from "@bertkit/layers";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { LoadModelOptions } from "../load-model-options.js";
import { answersOf, type Inputs } from "./answers-of.js";
import { loadTask } from "./load-task.js";
import { tasks } from "./task-heads.js";
import type { Answered, TaskModel, TaskOptions } from "./task-model.js";
import { type TextWindow, textWindows } from "./text-windows.js";

/** Every {@link Aggregation}. */
export const aggregations = ["none", "simple", "first", "average", "max"] as const satisfies readonly Aggregation[];

/** A text, or its words where it was split beforehand. */
export type TextOrWords = string | readonly string[];

/** A stretch of a text that is of a type, such as a name. */
export interface TaggedEntity {
  /** The label without its prefix, such as "PER" of B-PER and I-PER; with the aggregation `none` all of it. */
  readonly type: string;
  /** Mean of the probabilities of its tokens' labels, or its words'. */
  readonly score: number;
  /** Where it is in `Tagging.text`, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The text from `start` to `end`. */
  readonly text: string;
}

/** What is in a text. */
export interface Tagging {
  /** As it was given; of words, these with a space between. */
  readonly text: string;
  /** In the order of the text. */
  readonly entities: readonly TaggedEntity[];
  /**
   * Of words that were given as such: the label of each, which is its first token's (Devlin et al. 2019, section 5.3);
   * undefined for a word of which the tokenizer keeps nothing.
   */
  readonly labels?: readonly (LabelScore | undefined)[];
}

export interface TagOptions extends TaskOptions {
  /** How tokens become entities. Default "simple"; of words that were given as such "first", a label a word. */
  readonly aggregation?: Aggregation | undefined;
  /**
   * How many tokens later the next window over a text begins that is longer than `maxLength`; a whole window where that
   * is less. Default three quarters of a window, so that neighbours share a quarter.
   */
  readonly stride?: number | undefined;
}

/** Texts to the names and other entities in them, or to a label a word. `loadTagger` makes one. */
export class Tagger implements Disposable {
  readonly #model: TaskModel<TokenClassification>;

  constructor(model: TaskModel<TokenClassification>) {
    this.#model = model;
  }

  get tokenizer(): BertTokenizer {
    return this.#model.tokenizer;
  }

  /** The backend's name. */
  get device(): string {
    return this.#model.device;
  }

  /** Tokens that are read at once, special tokens included; a longer text is read in windows. */
  get maxLength(): number {
    return this.#model.maxLength;
  }

  /** In the order of the model's logits. */
  get labels(): readonly string[] {
    return this.#model.head.labels;
  }

  /**
   * Tags texts in their order: an array gives an array, an async iterable an async generator that reads no further ahead
   * than a few thousand tokens. An array in place of a text is its words. Nothing is cut off: a text longer than
   * `maxLength` is read in windows that overlap, and each token has the scores of the window with the most text on the
   * token's shorter side, of equals the first, as run_squad.py chooses for answers; entities are then found once, in the
   * whole text. Throws `ConfigError` for what is neither text nor words and for options that cannot be, `DisposedError`
   * after disposal.
   */
  tag(inputs: readonly TextOrWords[], options?: TagOptions): Promise<Tagging[]>;
  tag(inputs: AsyncIterable<TextOrWords>, options?: TagOptions): AsyncGenerator<Tagging>;
  tag(inputs: Inputs<TextOrWords>, options: TagOptions = {}): Promise<Tagging[]> | AsyncGenerator<Tagging> {
    return answersOf({ name: "tag", input: "text" }, inputs, options, (given) => this.#answer(given, options));
  }

  /** Gives the model's memory back. */
  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }

  async *#answer(inputs: AsyncIterable<TextOrWords>, options: TagOptions): AsyncGenerator<Answered<Tagging>> {
    checkOptions(options);
    const { aggregation, stride } = options;
    const { head } = this.#model;
    const read = this.#model.run(
      this.#windows(inputs, stride),
      {
        forward: (encoded) => head.forward(encoded),
        answer: (values, shape, batch) => {
          const encodings = batch.map(({ encoding }) => encoding);
          return head.answer(values, shape, encodings).map((scores, i) => ({ window: batch[i]!, scores }));
        },
      },
      options,
    );
    let scores: TokenScores[] = [];
    let tokens = 0;
    for await (const { answer, tokens: inWindow } of read) {
      const { given, whole, rows, answersFor, isLast } = answer.window;
      for (const [at, row] of rows.entries()) if (answersFor[at] === 1) scores[row] = answer.scores[at]!;
      tokens += inWindow;
      if (!isLast) continue;
      const tagging = taggingOf(given, { encoding: whole, scores }, { labels: head.labels, aggregation });
      yield { answer: tagging, tokens, truncated: false };
      [scores, tokens] = [[], 0];
    }
  }

  async *#windows(inputs: AsyncIterable<TextOrWords>, stride: number | undefined): AsyncGenerator<GivenWindow> {
    const { tokenizer, maxLength } = this.#model;
    for await (const input of inputs) {
      const given = givenText(input);
      for (const window of textWindows(tokenizer, given.text, { maxLength, stride })) yield { ...window, given };
    }
  }
}

/**
 * A tagger from a model named as for `loadSentenceEncoder`, such as one that was fine-tuned to find names. Throws as
 * that does, and `ConfigError` where its weights hold no token classification head: it is never made up.
 */
export async function loadTagger(model?: string, options: LoadModelOptions = {}): Promise<Tagger> {
  return new Tagger(
    await loadTask(model, options, {
      task: tasks.tag,
      make: ({ config: { width }, settings: { labels, classifierDropout } }) =>
        new TokenClassification({ width, labels, dropout: classifierDropout }),
    }),
  );
}

/** A text, and where its words are if it was split into some. */
interface GivenText {
  readonly text: string;
  readonly words?: readonly { readonly start: number; readonly end: number }[];
}

interface GivenWindow extends TextWindow {
  readonly given: GivenText;
}

function checkOptions({ aggregation, stride }: TagOptions): void {
  const problems: string[] = [];
  if (aggregation !== undefined && !aggregations.includes(aggregation)) {
    problems.push(`the aggregation must be one of ${aggregations.join(", ")}, got ${showValue(aggregation)}`);
  }
  if (stride !== undefined && !(Number.isInteger(stride) && stride > 0)) {
    problems.push(`the stride must be a whole number of tokens above 0, got ${showValue(stride)}`);
  }
  if (problems.length > 0) throw new ConfigError("tag", problems);
}

function givenText(input: TextOrWords): GivenText {
  if (typeof input === "string") return { text: input };
  if (!Array.isArray(input)) throw new ConfigError("tag", [`it wanted a string or its words, got ${showValue(input)}`]);
  let end = -1;
  const words = input.map((word) => {
    if (typeof word !== "string") throw new ConfigError("tag", [`it wanted words, got ${showValue(word)}`]);
    const start = end + 1;
    end = start + word.length;
    return { start, end };
  });
  return { text: input.join(" "), words };
}

function taggingOf(
  { text, words }: GivenText,
  { encoding, scores }: ScoredTokens,
  { labels, aggregation }: { readonly labels: readonly string[]; readonly aggregation: Aggregation | undefined },
): Tagging {
  const { length, ranges, specialMask } = encoding;
  const wordOf = words && wordLabels({ encoding, scores }, { labels, words });
  const wordIds = wordOf ? wordIdsOf(wordOf, specialMask) : encoding.wordIds;
  const entities = entitiesOf(
    { encoding: { length, ranges, specialMask, wordIds }, scores },
    { labels, aggregation: aggregation ?? (words ? "first" : "simple") },
  ).map(({ type, score, start, end }) => ({ type, score, start, end, text: text.slice(start, end) }));
  if (!wordOf) return { text, entities };
  return { text, entities, labels: wordOf.map((word) => word && { label: word.label, score: word.score }) };
}

/** [tokens] Of which of the given words each token is; -1 for special tokens. */
function wordIdsOf(words: readonly (WordLabel | undefined)[], specialMask: Uint8Array): Int32Array {
  const wordIds = new Int32Array(specialMask.length).fill(-1);
  for (const [word, label] of words.entries()) if (label) wordIds.fill(word, label.token);
  return wordIds.map((word, token) => (specialMask[token] === 1 ? -1 : word));
}
