import type { ConfiguredEncoder } from "@bertkit/encoder-family";
import type { EncoderOutput, ForwardOptions } from "@bertkit/layers";
import { type Backend, DisposedError, type Shape, type Tensor, tidy, type Values } from "@bertkit/tensor";
import { type BertTokenizer, type Encoding, packEncodings } from "@bertkit/tokenizer";
import { runBatches } from "../batching/run-batches.js";
import { type Turns, turnsOf } from "../batching/turns.js";

/** How a task goes about its inputs. */
export interface TaskOptions {
  /** Tokens of a batch at most; no answer depends on it. */
  readonly batchTokens?: number | undefined;
  /** Stops between two batches, or while an input is waited for, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called for each input, just before its answer is given; that input is counted. */
  readonly onProgress?: ((progress: TaskProgress) => void) | undefined;
}

/** An input's answer, and what it took. */
export interface Answered<Answer> {
  readonly answer: Answer;
  readonly tokens: number;
  /** Whether the input was cut to the maximum length. */
  readonly truncated: boolean;
}

/** How far a task has come. */
export interface TaskProgress {
  /** Texts, pairs or questions that are answered. */
  readonly inputs: number;
  readonly tokens: number;
  /** Inputs that were cut to the maximum length. */
  readonly truncated: number;
}

/** One sequence that goes through the model, with what its answer needs besides the numbers. */
export interface TaskSequence {
  readonly length: number;
  readonly encoding: Encoding;
}

/** What a task makes of its sequences. */
export interface TaskStep<Sequence extends TaskSequence, Result> {
  /** What the encoder keeps besides its last block's output. */
  readonly kept?: ForwardOptions;
  /** From the encoder's output to the numbers that are read back. */
  readonly forward: (encoded: EncoderOutput, batch: readonly Sequence[]) => Tensor;
  /** From those numbers to a result for each sequence. */
  readonly answer: (values: Values, shape: Shape, batch: readonly Sequence[]) => readonly Result[];
}

export interface TaskParts<Head> {
  readonly tokenizer: BertTokenizer;
  readonly encoder: ConfiguredEncoder;
  readonly head: Head;
  readonly maxLength: number;
  readonly backend: Backend;
  /** What to dispose of with it, in this order. */
  readonly owned: readonly Disposable[];
}

/** A tokenizer, an encoder and a head on one backend: what every task's class has behind it. */
export class TaskModel<Head> implements Disposable {
  readonly tokenizer: BertTokenizer;
  readonly encoder: ConfiguredEncoder;
  readonly head: Head;
  /** The backend's name. */
  readonly device: string;
  /** Tokens of a sequence at most, special tokens included. */
  readonly maxLength: number;
  readonly #turns: Turns;
  #owned: readonly Disposable[] | undefined;

  constructor({ tokenizer, encoder, head, maxLength, backend, owned }: TaskParts<Head>) {
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.head = head;
    this.device = backend.name;
    this.maxLength = maxLength;
    this.#turns = turnsOf(backend);
    this.#owned = owned;
  }

  /** The sequences' results in their order. Throws `DisposedError` after disposal, and as `runBatches` does. */
  async *run<Sequence extends TaskSequence, Result>(
    sequences: AsyncIterable<Sequence>,
    step: TaskStep<Sequence, Result>,
    { batchTokens, signal }: Pick<TaskOptions, "batchTokens" | "signal"> = {},
  ): AsyncGenerator<Answered<Result>> {
    const run = (batch: readonly Sequence[]) => this.#forward(batch, step);
    for await (const ready of runBatches(sequences, { batchTokens, signal, turns: this.#turns, run })) yield* ready;
  }

  /** Gives the model's memory back, and closes the backend that no other model uses, unless it was given one. */
  [Symbol.dispose](): void {
    for (const part of this.#owned ?? []) part[Symbol.dispose]();
    this.#owned = undefined;
  }

  async #forward<Sequence extends TaskSequence, Result>(
    batch: readonly Sequence[],
    { kept, forward, answer }: TaskStep<Sequence, Result>,
  ): Promise<readonly Answered<Result>[]> {
    if (!this.#owned) throw new DisposedError("this model was disposed of");
    const packed = packEncodings(batch.map(({ encoding }) => encoding));
    using numbers = tidy(() => forward(this.encoder.forward(packed, kept), batch));
    const results = answer(await numbers.read(), numbers.shape, batch);
    return batch.map(({ length, encoding: { truncated } }, i) => ({ answer: results[i]!, tokens: length, truncated }));
  }
}
