import { ConfigError } from "@bertkit/layers";
import { fillBatches } from "./fill-batches.js";
import { oneAhead } from "./one-ahead.js";
import type { Turns } from "./turns.js";
import { windowsOf } from "./windows-of.js";

// Throughput is the same from 192 to 1024 tokens (MiniLM on wasm, one thread); fewer let the event loop turn more often.
const defaultBatchTokens = 256;

/** Enough for the items to fill their batches, few enough for the first result to come soon. */
const windowBatches = 16;
/** However large the batches are. */
const mostWindowTokens = 8192;

/** How items become results. */
export interface BatchWork<Item, Result> {
  /** Tokens of a batch at most. */
  readonly batchTokens?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Those of the backend that computes. */
  readonly turns: Turns;
  /** Whether others make the items, so that a window is asked for while the one before it is computed. */
  readonly isElsewhere?: boolean;
  /** A result for each item of a batch, in its order. */
  readonly run: (batch: readonly Item[]) => Promise<readonly Result[]>;
}

/**
 * The results of tokenised items in their order, those that are ready together. Items are read ahead in windows, and
 * those of a window distributed over batches by their lengths; the event loop turns after each batch. Throws
 * `ConfigError` for a batch without tokens, and the signal's reason.
 */
export async function* runBatches<Item extends { readonly length: number }, Result>(
  items: AsyncIterable<Item>,
  work: BatchWork<Item, Result>,
): AsyncGenerator<readonly Result[]> {
  const { batchTokens = defaultBatchTokens, signal } = work;
  if (!(Number.isInteger(batchTokens) && batchTokens > 0)) {
    throw new ConfigError("batchTokens", [`it must be a whole number above 0, got ${batchTokens}`]);
  }
  const windowTokens = Math.max(batchTokens, Math.min(windowBatches * batchTokens, mostWindowTokens));
  const windows = windowsOf(items, { windowTokens, batchTokens, signal });
  for await (const window of work.isElsewhere ? oneAhead(windows) : windows) {
    yield* runWindow(window, batchTokens, work);
  }
  signal?.throwIfAborted();
}

async function* runWindow<Item extends { readonly length: number }, Result>(
  window: readonly Item[],
  batchTokens: number,
  { turns, signal, run }: BatchWork<Item, Result>,
): AsyncGenerator<readonly Result[]> {
  const done = new Map<number, Result>();
  let given = 0;
  const lengths = window.map(({ length }) => length);
  for (const places of fillBatches(lengths, batchTokens)) {
    const batch = places.map((place) => window[place]!);
    const results = await turns.take(() => run(batch), signal);
    for (const [i, place] of places.entries()) done.set(place, results[i]!);
    const ready: Result[] = [];
    for (; done.has(given); given++) {
      ready.push(done.get(given)!);
      done.delete(given);
    }
    if (ready.length > 0) yield ready;
  }
}
