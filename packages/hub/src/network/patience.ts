import type { HubError } from "../hub-error.js";
import { pause } from "../pause.js";

/** How long to try. Times are in milliseconds. */
export interface Patience {
  /** Tries in a row that bring nothing before giving up. */
  readonly attempts: number;
  /** The pause after the first failure; each one after is twice as long. */
  readonly firstPause: number;
  /** No pause is longer; a hub that asks for a longer one is taken at its word, and not waited for. */
  readonly longestPause: number;
  /** How long a connection may be silent. */
  readonly stall: number;
}

export const defaultPatience: Patience = { attempts: 5, firstPause: 500, longestPause: 60_000, stall: 30_000 };

/** A failure that may pass: tried again, and in the end thrown as the error it carries. */
export class Setback extends Error {
  override readonly name = "Setback";

  constructor(
    readonly failure: HubError,
    /** What the server asked for, in milliseconds. */
    readonly wait?: number,
  ) {
    super(failure.message);
  }
}

/** A failure that may pass, and the pause before the next try. */
export interface Retry {
  readonly failure: HubError;
  /** In milliseconds. */
  readonly wait: number;
  /** Which of the tries in a row comes next, from 2 on. */
  readonly attempt: number;
  /** After so many in a row it is given up. */
  readonly attempts: number;
}

export interface PersistOptions {
  readonly patience: Patience;
  readonly signal: AbortSignal | undefined;
  /** Told before each pause, for people who wonder what they wait for. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

/**
 * Does something until it succeeds, fails for good or has met with too many setbacks since it last told of progress.
 */
export async function persist<Result>(
  attempt: (progressed: () => void) => Promise<Result>,
  { patience, signal, onRetry }: PersistOptions,
): Promise<Result> {
  let setbacks = 0;
  const progressed = () => {
    setbacks = 0;
  };
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await attempt(progressed);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Setback)) throw error;
      setbacks++;
      const wait = error.wait ?? Math.min(patience.firstPause * 2 ** (setbacks - 1), patience.longestPause);
      if (setbacks >= patience.attempts || wait > patience.longestPause) throw error.failure;
      onRetry?.({ failure: error.failure, wait, attempt: setbacks + 1, attempts: patience.attempts });
      // Many clients that failed together should not come back together.
      await pause(wait + (Math.random() * Math.min(wait, patience.firstPause)) / 2, signal);
    }
  }
}

/** The pause that a `Retry-After` header asks for, in milliseconds: it gives seconds or a date. */
export function retryAfter(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
