import type { Encoding } from "@bertkit/tokenizer";
import { withPauses } from "./with-pauses.js";

export interface WindowOptions {
  readonly tokenize: (text: string) => Encoding;
  /** Tokens of a window at most; a text that has more alone is a window of its own. */
  readonly windowTokens: number;
  /** A window with so many is given before it is full where the source takes its time. */
  readonly batchTokens: number;
  /** Ends the wait for a slow text with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

// Milliseconds. Longer than a disk or a decompressor lets one wait, shorter than a person notices.
const patience = 30;

/**
 * Reads texts ahead and tokenises them, a window at a time, in their order. Texts whose successor is slow to come, as
 * from a person's keyboard or a growing log, do not wait for a full window.
 */
export async function* textWindows(
  texts: AsyncIterable<string>,
  { tokenize, windowTokens, batchTokens, signal }: WindowOptions,
): AsyncGenerator<readonly Encoding[]> {
  let waiting: Encoding[] = [];
  let tokens = 0;
  let since = 0;
  const taken = (): readonly Encoding[] => {
    const window = waiting;
    [waiting, tokens] = [[], 0];
    return window;
  };
  for await (const text of withPauses(texts, patience, signal)) {
    if (text === undefined) {
      if (waiting.length > 0) yield taken();
      continue;
    }
    const encoding = tokenize(text);
    if (waiting.length > 0 && tokens + encoding.length > windowTokens) yield taken();
    if (waiting.length === 0) since = performance.now();
    waiting.push(encoding);
    tokens += encoding.length;
    if (tokens >= batchTokens && performance.now() - since > patience) yield taken();
  }
  if (waiting.length > 0) yield taken();
}
