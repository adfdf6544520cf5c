import type { TextTokens } from "./tokenization.js";
import { withPauses } from "./with-pauses.js";

export interface WindowOptions {
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
 * Reads tokenised texts ahead, a window at a time, in their order. Texts whose successor is slow to come, as from a
 * person's keyboard or a growing log, do not wait for a full window.
 */
export async function* textWindows(
  texts: AsyncIterable<TextTokens>,
  { windowTokens, batchTokens, signal }: WindowOptions,
): AsyncGenerator<readonly TextTokens[]> {
  let waiting: TextTokens[] = [];
  let tokens = 0;
  let since = 0;
  const taken = (): readonly TextTokens[] => {
    const window = waiting;
    [waiting, tokens] = [[], 0];
    return window;
  };
  for await (const text of withPauses(texts, patience, signal)) {
    if (text === undefined) {
      if (waiting.length > 0) yield taken();
      continue;
    }
    if (waiting.length > 0 && tokens + text.length > windowTokens) yield taken();
    if (waiting.length === 0) since = performance.now();
    waiting.push(text);
    tokens += text.length;
    if (tokens >= batchTokens && performance.now() - since > patience) yield taken();
  }
  if (waiting.length > 0) yield taken();
}
