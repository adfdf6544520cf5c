import { ConfigError, showValue } from "@bertkit/layers";
import type { BertTokenizer, Encoding } from "@bertkit/tokenizer";
import type { TaskSequence } from "./task-model.js";

/** A text, or two that belong together. */
export type TextOrPair = string | readonly [text: string, pair: string];

/** The one or two texts of an input. Throws `ConfigError` for what is neither. */
export function textsIn(task: string, input: TextOrPair): { readonly text: string; readonly pair: string | undefined } {
  if (typeof input === "string") return { text: input, pair: undefined };
  if (isPair(input)) return { text: input[0], pair: input[1] };
  throw new ConfigError(task, [`it wanted a string or two in [ ], got ${showValue(input)}`]);
}

/** Pairs as they come. Throws `ConfigError` for what is none. */
export async function* pairsIn(
  task: string,
  inputs: AsyncIterable<unknown>,
): AsyncGenerator<readonly [string, string]> {
  for await (const input of inputs) {
    if (!isPair(input)) throw new ConfigError(task, [`it wanted two strings in [ ], got ${showValue(input)}`]);
    yield input;
  }
}

const isPair = (input: unknown): input is readonly [string, string] =>
  Array.isArray(input) && input.length === 2 && input.every((text) => typeof text === "string");

/** Tokenises inputs one by one, each cut to `maxLength`, the longer text of a pair first. */
export async function* sequencesOf(
  task: string,
  inputs: AsyncIterable<TextOrPair>,
  { tokenizer, maxLength }: { readonly tokenizer: BertTokenizer; readonly maxLength: number },
): AsyncGenerator<TaskSequence> {
  for await (const input of inputs) {
    const { text, pair } = textsIn(task, input);
    yield sequenceOf(tokenizer.encode(text, { pair, maxLength }));
  }
}

export const sequenceOf = (encoding: Encoding): TaskSequence => ({ length: encoding.length, encoding });
