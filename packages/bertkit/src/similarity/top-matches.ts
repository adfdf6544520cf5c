import { macrotask } from "../macrotask.js";
import type { Embedded, ItemMatch, Match } from "./match.js";
import { Search, type SearchOptions } from "./search.js";

export interface TopMatchesOptions extends SearchOptions {
  /** Stops between two blocks of vectors: the search then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each block with the number of vectors searched so far. */
  readonly onProgress?: ((searched: number) => void) | undefined;
}

/**
 * For each query the vectors that are most like it, the best first and of equals the one that came first: exact semantic
 * search, `semantic_search` of sentence-transformers. queries × [width], vectors × [width] → queries × (0 to top)
 *
 * The vectors are read once and forgotten block by block, so that memory does not grow with them. Scores are in double
 * precision, the same on every backend. The cosine of a vector of zeros is 0; a vector that has NaN or infinity never
 * matches. Throws `ShapeError` where widths differ, `ConfigError` for options that cannot be and queries not finite.
 */
export async function topMatches(
  queries: readonly Float32Array[],
  vectors: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  options: TopMatchesOptions = {},
): Promise<Match[][]> {
  const found = await topItems(queries, withoutItems(vectors), options);
  return found.map((matches) => matches.map(({ index, score }) => ({ index, score })));
}

/** As `topMatches`, of vectors that come with what they stand for: only the items of matches are kept. */
export async function topItems<Item>(
  queries: readonly Float32Array[],
  embedded: Iterable<Embedded<Item>> | AsyncIterable<Embedded<Item>>,
  options: TopMatchesOptions = {},
): Promise<ItemMatch<Item>[][]> {
  const { signal, onProgress } = options;
  using search = new Search<Item>(queries, options);
  if (queries.length === 0) return [];
  for await (const { vector, item } of embedded) {
    search.take(vector, item);
    if (!search.isFull) continue;
    signal?.throwIfAborted();
    await search.compare();
    onProgress?.(search.searched);
    await macrotask();
  }
  signal?.throwIfAborted();
  await search.compare();
  onProgress?.(search.searched);
  return search.matches();
}

async function* withoutItems(
  vectors: Iterable<Float32Array> | AsyncIterable<Float32Array>,
): AsyncGenerator<Embedded<undefined>> {
  for await (const vector of vectors) yield { vector, item: undefined };
}
