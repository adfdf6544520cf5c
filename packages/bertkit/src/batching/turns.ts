import type { Backend } from "@bertkit/tensor";
import { macrotask } from "../macrotask.js";

/**
 * Lets the users of one device work by turns, first come, first served. The event loop turns between two pieces of work,
 * so that it is never held longer than one takes, however many wait.
 */
export class Turns {
  readonly #waiting = new Set<() => void>();
  #taken = false;

  /** Does a piece of work when its turn comes. An aborted signal ends the wait with its reason. */
  async take<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#taken) await this.#turn(signal);
    this.#taken = true;
    try {
      return await work();
    } finally {
      void macrotask().then(() => this.#pass());
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal?.removeEventListener("abort", stop);
        resolve();
      };
      const stop = (): void => {
        this.#waiting.delete(begin);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", stop);
      this.#waiting.add(begin);
    });
  }

  #pass(): void {
    const [next] = this.#waiting;
    this.#taken = next !== undefined;
    if (!next) return;
    this.#waiting.delete(next);
    next();
  }
}

const turns = new WeakMap<Backend, Turns>();

/** The turns of a backend: all that is computed on it, by whichever encoder, shares them. */
export function turnsOf(backend: Backend): Turns {
  let found = turns.get(backend);
  if (!found) {
    found = new Turns();
    turns.set(backend, found);
  }
  return found;
}
