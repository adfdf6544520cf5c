/** Work in small steps: it yields wherever it may be interrupted, several times a millisecond where that is easy. */
export type Work<Result> = Generator<void, Result, void>;

/** Does work in turns with the event loop, so that timers, input and abort signals get their moment. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #end = performance.now() + turnLength;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /**
   * Does work to its end. An aborted signal stops it, and its reason is thrown.
   * @param onTurn called whenever a turn ends before the work
   */
  async complete<Result>(work: Work<Result>, onTurn: () => void): Promise<Result> {
    this.#signal?.throwIfAborted();
    for (;;) {
      const { done, value } = work.next();
      if (done) return value;
      if (performance.now() < this.#end) continue;
      onTurn();
      await macrotask();
      this.#signal?.throwIfAborted();
      this.#end = performance.now() + turnLength;
    }
  }
}

/** Milliseconds. */
const turnLength = 15;

/** Lets the event loop turn once; awaiting a resolved promise does not do that. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    // Browsers: a message comes at once, a timer after 4 ms.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
