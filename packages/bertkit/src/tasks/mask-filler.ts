import { likeliestTokens, MaskedLanguage } from "@bertkit/heads";
import { ConfigError, showValue } from "@bertkit/layers";
import type { Values } from "@bertkit/tensor";
import type { BertTokenizer, Encoding } from "@bertkit/tokenizer";
import type { LoadModelOptions } from "../load-model-options.js";
import { answersOf, type Inputs } from "./answers-of.js";
import { loadTask } from "./load-task.js";
import { tasks } from "./task-heads.js";
import type { Answered, TaskModel, TaskOptions, TaskSequence } from "./task-model.js";

/** What may stand in one mask's place. */
export interface FilledMask {
  /** Where the mask is in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The likeliest first. */
  readonly guesses: readonly MaskGuess[];
}

export interface MaskGuess {
  /** As the vocabulary has it; "##" begins one that goes on a word. */
  readonly token: string;
  readonly id: number;
  /** Its probability among all tokens, from 0 to 1. */
  readonly score: number;
  /** The text with it in this mask's place. */
  readonly text: string;
}

export interface FillOptions extends TaskOptions {
  /** Guesses a mask at most. Default 5. */
  readonly top?: number | undefined;
  /** Only these words are guessed, each a token of the vocabulary; scores stay probabilities among all tokens. */
  readonly targets?: readonly string[] | undefined;
}

/** Texts with masks to what may stand there (Devlin et al. 2019, section 3.1, task 1). `loadMaskFiller` makes one. */
export class MaskFiller implements Disposable {
  readonly #model: TaskModel<MaskedLanguage>;

  constructor(model: TaskModel<MaskedLanguage>) {
    this.#model = model;
  }

  get tokenizer(): BertTokenizer {
    return this.#model.tokenizer;
  }

  /** The backend's name. */
  get device(): string {
    return this.#model.device;
  }

  /** Tokens of a text at most, special tokens included; the rest is cut off. */
  get maxLength(): number {
    return this.#model.maxLength;
  }

  /** How a mask is spelled, such as "[MASK]". */
  get mask(): string {
    const { mask } = this.tokenizer.specialTokens;
    return (mask === undefined ? undefined : this.tokenizer.vocabulary.token(mask)) ?? "[MASK]";
  }

  /**
   * For each text its masks in their order, each guessed as if the others stayed masks: an array gives an array, an
   * async iterable an async generator. Throws `ConfigError` for a text without a mask, for one with a mask beyond
   * `maxLength` and for targets that are no tokens; `DisposedError` after disposal.
   */
  fill(texts: readonly string[], options?: FillOptions): Promise<(readonly FilledMask[])[]>;
  fill(texts: AsyncIterable<string>, options?: FillOptions): AsyncGenerator<readonly FilledMask[]>;
  fill(
    texts: Inputs<string>,
    options: FillOptions = {},
  ): Promise<(readonly FilledMask[])[]> | AsyncGenerator<readonly FilledMask[]> {
    return answersOf({ name: "fill", input: "text" }, texts, options, (given) => this.#answer(given, options));
  }

  /** Gives the model's memory back. */
  [Symbol.dispose](): void {
    this.#model[Symbol.dispose]();
  }

  async *#answer(
    texts: AsyncIterable<string>,
    { top = 5, targets, ...options }: FillOptions,
  ): AsyncGenerator<Answered<readonly FilledMask[]>> {
    if (!(Number.isInteger(top) && top > 0)) {
      throw new ConfigError("fill", [`top must be a whole number above 0, got ${showValue(top)}`]);
    }
    const among = targets && this.#idsOf(targets);
    const { head } = this.#model;
    yield* this.#model.run(
      this.#sequences(texts),
      {
        forward: (encoded, batch) =>
          head.logitsAt(
            encoded,
            Int32Array.from(batch.flatMap(({ masks }, i) => masks.map((mask) => encoded.offsets[i]! + mask))),
          ),
        answer: (logits, [, vocabulary], batch) => {
          let row = 0;
          const next = (): Values => logits.subarray(row * vocabulary!, ++row * vocabulary!);
          return batch.map((sequence) =>
            sequence.masks.map((mask) =>
              this.#filled(sequence, mask, likeliestTokens(next(), { top, ...(among && { among }) })),
            ),
          );
        },
      },
      options,
    );
  }

  async *#sequences(texts: AsyncIterable<string>): AsyncGenerator<MaskedSequence> {
    const { tokenizer, maxLength, mask } = this;
    const id = tokenizer.specialTokens.mask;
    for await (const text of texts) {
      if (typeof text !== "string") throw new ConfigError("fill", [`it wanted a string, got ${showValue(text)}`]);
      const encoding = tokenizer.encode(text, { maxLength });
      const masks = Array.from(encoding.ids.keys()).filter((token) => encoding.ids[token] === id);
      const isCut = masks.length < text.split(mask).length - 1;
      if (isCut || masks.length === 0) {
        const where = isCut ? `beyond the first ${maxLength} tokens` : "nowhere";
        throw new ConfigError("fill", [`put ${mask} where a word is missing; it is ${where} in ${showValue(text)}`]);
      }
      yield { text, length: encoding.length, encoding, masks };
    }
  }

  #filled(
    { text, encoding }: MaskedSequence,
    mask: number,
    guesses: readonly { readonly id: number; readonly probability: number }[],
  ): FilledMask {
    const [start, end] = rangeOf(encoding, mask);
    const filled = guesses.map(({ id, probability }) => {
      const token = this.tokenizer.vocabulary.token(id) ?? "";
      // A piece that goes on a word joins what stands before the mask.
      const goesOn = token.startsWith("##") && token.length > 2;
      const before = goesOn ? text.slice(0, start).trimEnd() : text.slice(0, start);
      return { token, id, score: probability, text: before + (goesOn ? token.slice(2) : token) + text.slice(end) };
    });
    return { start, end, guesses: filled };
  }

  /** Throws `ConfigError` that lists all that are no tokens. */
  #idsOf(targets: readonly string[]): number[] {
    const { tokenizer } = this;
    const problems =
      targets.length === 0 ? ["there are no targets: leave them out, or name words to choose among"] : [];
    const ids = targets.map((target) => {
      const known = tokenizer.vocabulary.id(target);
      if (known !== undefined) return known;
      const { ids: pieces, tokens } = tokenizer.encode(target, { addSpecialTokens: false });
      if (pieces.length === 1 && pieces[0] !== tokenizer.specialTokens.unknown) return pieces[0]!;
      problems.push(
        `the target ${showValue(target)} is ${tokens.length === 0 ? "no token" : `not one token but ${tokens.join(" ")}`}`,
      );
      return -1;
    });
    if (problems.length > 0) throw new ConfigError("fill", problems);
    return ids;
  }
}

interface MaskedSequence extends TaskSequence {
  readonly text: string;
  /** Which of its tokens are masks. */
  readonly masks: readonly number[];
}

const rangeOf = ({ ranges }: Encoding, token: number): [start: number, end: number] => [
  ranges[2 * token]!,
  ranges[2 * token + 1]!,
];

/**
 * A mask filler from a model named as for `loadSentenceEncoder`, such as BERT as it was pre-trained. Throws as that
 * does, and `ConfigError` where its weights hold no masked language head.
 */
export async function loadMaskFiller(model?: string, options: LoadModelOptions = {}): Promise<MaskFiller> {
  return new MaskFiller(
    await loadTask(model, options, {
      task: tasks.fill,
      make: ({ config, activation, words }) =>
        new MaskedLanguage({
          width: config.width,
          vocabulary: config.vocabulary,
          activation,
          epsilon: config.epsilon,
          words,
        }),
    }),
  );
}
