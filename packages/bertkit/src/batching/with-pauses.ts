import { orAborted } from "../or-aborted.js";

/**
 * The same items, and `undefined` once whenever the next one takes longer than `patience` milliseconds. The source is
 * asked for one item at a time, and closed when the reader stops. An aborted signal ends the wait with its reason.
 */
export async function* withPauses<Item>(
  source: AsyncIterable<Item>,
  patience: number,
  signal?: AbortSignal,
): AsyncGenerator<Item | undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let state: "idle" | "asked" | "ended" = "idle";
  try {
    for (;;) {
      const next = iterator.next();
      state = "asked";
      next.catch(() => {}); // it is awaited below; until then nobody may call its failure unhandled
      if (!(await settlesWithin(next, patience))) {
        yield undefined;
        if (signal)
          await orAborted(
            next.catch(() => {}),
            signal,
          );
      }
      const { done, value } = await next.catch((error: unknown) => {
        state = "ended";
        throw error;
      });
      state = done ? "ended" : "idle";
      if (done) return;
      yield value;
    }
  } finally {
    if (state === "idle") await iterator.return?.();
    // A source that owes an answer closes after it, which may be never: nobody waits for that.
    else if (state === "asked") iterator.return?.().catch(() => {});
  }
}

async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let settled = false;
  const note = (): boolean => {
    settled = true;
    return true;
  };
  const noted = promise.then(note, note);
  // Most come after a few turns of the promise queue: a timer is made only for those that do not.
  for (let turn = 0; turn < 8 && !settled; turn++) await undefined;
  if (settled) return true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const inTime = await Promise.race([noted, late]);
  clearTimeout(timer);
  return inTime;
}
