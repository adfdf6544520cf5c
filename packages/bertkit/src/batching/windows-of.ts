import { withPauses } from "./with-pauses.js";

export interface WindowOptions {
  /** Tokens of a window at most; an item that has more alone is a window of its own. */
  readonly windowTokens: number;
  /** A window with so many is given before it is full where the source takes its time. */
  readonly batchTokens: number;
  /** Ends the wait for a slow item with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

// Milliseconds. Longer than a disk or a decompressor lets one wait, shorter than a person notices.
const patience = 30;

/**
 * Reads tokenised items ahead, a window at a time, in their order. Items whose successor is slow to come, as from a
 * person's keyboard or a growing log, do not wait for a full window.
 */
export async function* windowsOf<Item extends { readonly length: number }>(
  items: AsyncIterable<Item>,
  { windowTokens, batchTokens, signal }: WindowOptions,
): AsyncGenerator<readonly Item[]> {
  let waiting: Item[] = [];
  let tokens = 0;
  let since = 0;
  const taken = (): readonly Item[] => {
    const window = waiting;
    [waiting, tokens] = [[], 0];
    return window;
  };
  for await (const item of withPauses(items, patience, signal)) {
    if (item === undefined) {
      if (waiting.length > 0) yield taken();
      continue;
    }
    if (waiting.length > 0 && tokens + item.length > windowTokens) yield taken();
    if (waiting.length === 0) since = performance.now();
    waiting.push(item);
    tokens += item.length;
    if (tokens >= batchTokens && performance.now() - since > patience) yield taken();
  }
  if (waiting.length > 0) yield taken();
}
