import { ConfigError, showValue } from "@bertkit/layers";
import type { BertTokenizer, Encoding } from "@bertkit/tokenizer";
import type { TaskSequence } from "./task-model.js";

/** A text, or two that belong together. */
export type TextOrPair = string | readonly [text: string, pair: string];

/** The one or two texts of an input. Throws `ConfigError` for what is neither. */
export function textsIn(task: string, input: TextOrPair): { readonly text: string; readonly pair: string | undefined } {
  const [text, pair, ...more] = typeof input === "string" ? [input] : Array.isArray(input) ? input : [];
  if (typeof text === "string" && (pair === undefined || typeof pair === "string") && more.length === 0) {
    return { text, pair };
  }
  throw new ConfigError(task, [`it wanted a string or two in [ ], got ${showValue(input)}`]);
}

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
