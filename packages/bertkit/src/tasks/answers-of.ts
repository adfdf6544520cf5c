import { ConfigError } from "@bertkit/layers";
import type { Answered, TaskOptions } from "./task-model.js";

/** What a task takes: an array, or a stream that is read as it goes. */
export type Inputs<Input> = readonly Input[] | AsyncIterable<Input>;

/** What answers a stream of inputs, in their order. */
export type AnswerInputs<Input, Answer> = (inputs: AsyncIterable<Input>) => AsyncIterable<Answered<Answer>>;

/** How messages speak of a task. */
export interface TaskWords {
  /** The name of the method. */
  readonly name: string;
  /** One of its inputs, in the singular. */
  readonly input: string;
}

/**
 * The public form of a task: an array gives an array, a stream gives a generator, and progress is reported. Throws
 * `ConfigError` for what is neither.
 */
export function answersOf<Input, Answer>(
  words: TaskWords,
  inputs: Inputs<Input>,
  { onProgress }: Pick<TaskOptions, "onProgress">,
  answer: AnswerInputs<Input, Answer>,
): Promise<Answer[]> | AsyncGenerator<Answer> {
  const answers = reported(answer(inputStream(words, inputs)), onProgress);
  return Array.isArray(inputs) ? collect(answers) : answers;
}

/** Inputs one by one. Throws `ConfigError` for what is neither an array nor a stream. */
export function inputStream<Input>({ name, input }: TaskWords, inputs: Inputs<Input>): AsyncIterable<Input> {
  if (Array.isArray(inputs)) return streamOf(inputs);
  if (typeof inputs === "object" && inputs !== null && Symbol.asyncIterator in inputs) return inputs;
  throw new ConfigError(name, [
    `it takes an array of ${input}s or an async iterable of them: put one ${input} into [ ]`,
  ]);
}

async function* streamOf<Input>(inputs: Iterable<Input>): AsyncGenerator<Input> {
  yield* inputs;
}

async function* reported<Answer>(
  answered: AsyncIterable<Answered<Answer>>,
  onProgress: TaskOptions["onProgress"],
): AsyncGenerator<Answer> {
  const done = { inputs: 0, tokens: 0, truncated: 0 };
  for await (const { answer, tokens, truncated } of answered) {
    done.inputs++;
    done.tokens += tokens;
    if (truncated) done.truncated++;
    onProgress?.({ ...done });
    yield answer;
  }
}

async function collect<Answer>(answers: AsyncIterable<Answer>): Promise<Answer[]> {
  const result: Answer[] = [];
  for await (const answer of answers) result.push(answer);
  return result;
}
