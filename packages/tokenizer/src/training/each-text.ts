import { TokenizerError } from "../tokenizer-error.js";

/**
 * The texts of an iterable, one at a time. An aborted signal ends the wait for the next one; the source is closed
 * however the reading ends, but nobody waits for a source that owes a text.
 * @throws {TokenizerError} `invalid_option` for what is no string.
 */
export async function* eachText(
  texts: AsyncIterable<string> | Iterable<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  if (typeof texts === "string") throw new TokenizerError("invalid_option", "texts: wanted several, not one string");
  const source = Symbol.asyncIterator in texts ? withSignal(texts, signal) : texts;
  for await (const text of source) {
    if (typeof text !== "string") {
      throw new TokenizerError("invalid_option", `texts: wanted strings, not ${text === null ? "null" : typeof text}`);
    }
    yield text;
  }
}

async function* withSignal<Item>(source: AsyncIterable<Item>, signal: AbortSignal | undefined): AsyncIterable<Item> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  let isOwed = false;
  try {
    for (;;) {
      isOwed = true;
      const { done, value } = await orAborted(iterator.next(), signal);
      isOwed = false;
      if (done) return;
      yield value;
    }
  } finally {
    const closed = iterator.return?.();
    if (isOwed) closed?.catch(() => {});
    else await closed;
  }
}

/** What a promise comes to, or the signal's reason where that is sooner. */
function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
