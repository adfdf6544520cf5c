import { ConfigError } from "@bertkit/layers";
import { type Backend, ShapeError } from "@bertkit/tensor";
import { Best } from "./best.js";
import { cosineError, UnitRows } from "./block-product.js";
import { checkThreshold, checkTop } from "./check-options.js";
import type { ItemMatch, Match } from "./match.js";
import type { Score } from "./scores.js";
import { rowScore, VectorBlock } from "./vector-block.js";

export interface SearchOptions {
  /** Matches of a query at most; 10 by default. */
  readonly top?: number | undefined;
  /** The least score of a match. */
  readonly threshold?: number | undefined;
  /** By default the cosine. */
  readonly score?: Score | undefined;
  /** Makes many queries many times faster; the matches are the same to the bit. */
  readonly backend?: Backend | undefined;
}

/** Vectors compared at once. */
const blockRows = 1024;
/** Queries that they are compared with at once. */
const blockQueries = 512;
// Fewer are compared one by one before a block is at length 1 and in a backend's memory (384 wide, wasm).
const queriesForBackend = 3;

/** Some of the queries, with the best matches of each. */
interface QueryBlock<Item> {
  readonly block: VectorBlock;
  /** In the memory of the backend that computes, if one does. */
  readonly unit: UnitRows | undefined;
  readonly found: readonly Best<ItemMatch<Item>>[];
}

/** The best matches among the vectors seen so far, and the block of vectors to be compared next. */
export class Search<Item> implements Disposable {
  /** Vectors compared so far. */
  searched = 0;
  readonly #queries: readonly QueryBlock<Item>[];
  readonly #block: VectorBlock;
  readonly #items: Item[] = [];
  readonly #score: Score;
  readonly #threshold: number;
  readonly #backend: Backend | undefined;

  constructor(
    queries: readonly Float32Array[],
    { top = 10, threshold = -Infinity, score = "cosine", backend }: SearchOptions = {},
  ) {
    checkTop(top);
    checkThreshold(threshold, score);
    this.#score = score;
    this.#threshold = threshold;
    this.#backend = queries.length < queriesForBackend ? undefined : backend;
    this.#block = new VectorBlock(queries[0]?.length ?? 0, blockRows);
    this.#queries = blocksOf(queries).map((block) => ({
      block,
      unit: this.#backend && new UnitRows(block, this.#backend),
      found: Array.from({ length: block.rows }, () => new Best<ItemMatch<Item>>(top, bestFirst)),
    }));
  }

  /** Whether the block holds no more before it is compared. */
  get isFull(): boolean {
    return this.#block.rows === blockRows;
  }

  /** Takes a vector into the block. */
  take(vector: Float32Array, item: Item): void {
    const { width, rows } = this.#block;
    const name = `vector ${this.searched + rows}`;
    if (vector.length !== width) {
      throw new ShapeError(`${name} has ${vector.length} numbers, the queries have ${width}: all need the same width`);
    }
    this.#block.add(vector, name);
    this.#items.push(item);
  }

  /** Compares the block with the queries, and forgets what is no match. */
  async compare(): Promise<void> {
    const { rows } = this.#block;
    using unit = this.#backend && rows > 0 ? new UnitRows(this.#block, this.#backend) : undefined;
    for (const queries of this.#queries) {
      if (unit && queries.unit) this.#compareLikely(queries, await unit.cosines(queries.unit));
      else this.#compareAll(queries);
    }
    this.searched += rows;
    this.#block.rows = 0;
    this.#items.length = 0;
  }

  /** Of each query, the best first. */
  matches(): ItemMatch<Item>[][] {
    return this.#queries.flatMap(({ found }) => found.map((best) => best.sorted()));
  }

  [Symbol.dispose](): void {
    for (const { unit } of this.#queries) unit?.[Symbol.dispose]();
  }

  /** Compares only what, as far as float32 can tell, may be a match. cosines [rows, queries] */
  #compareLikely(queries: QueryBlock<Item>, cosines: ArrayLike<number>): void {
    const block = this.#block;
    const error = cosineError(block.width);
    const lengths = this.#lengths(block);
    const queryLengths = this.#lengths(queries.block);
    const needed = Float64Array.from(queries.found, (best) => this.#needed(best));
    const count = needed.length;
    for (let row = 0; row < block.rows; row++) {
      for (let query = 0; query < count; query++) {
        const most = (cosines[row * count + query]! + error) * lengths[row]! * queryLengths[query]!;
        if (!(most >= needed[query]!)) continue; // also where it is NaN
        this.#compare(row, queries, query);
        needed[query] = this.#needed(queries.found[query]!);
      }
    }
  }

  #compareAll(queries: QueryBlock<Item>): void {
    for (let row = 0; row < this.#block.rows; row++) {
      if (!this.#block.isFinite(row)) continue;
      for (let query = 0; query < queries.block.rows; query++) this.#compare(row, queries, query);
    }
  }

  #compare(row: number, { block, found }: QueryBlock<Item>, query: number): void {
    const score = rowScore(this.#score, this.#block, row, block, query);
    if (score >= this.#threshold) found[query]!.add({ index: this.searched + row, score, item: this.#items[row]! });
  }

  /** The score that a new match needs at least. */
  #needed(best: Best<ItemMatch<Item>>): number {
    return best.last?.score ?? this.#threshold;
  }

  /** What a cosine is to be multiplied with to become a score. */
  #lengths({ squares }: VectorBlock): Float64Array {
    return squares.map((square) => (this.#score === "dot" ? Math.sqrt(square) : 1));
  }
}

function blocksOf(queries: readonly Float32Array[]): VectorBlock[] {
  const blocks: VectorBlock[] = [];
  for (const [index, query] of queries.entries()) {
    const row = index % blockQueries;
    if (row === 0) blocks.push(new VectorBlock(queries[0]!.length, Math.min(blockQueries, queries.length - index)));
    const block = blocks.at(-1)!;
    block.add(query, `query ${index}`);
    if (!block.isFinite(row)) throw new ConfigError(`query ${index}`, ["it has NaN or infinity: nothing is like that"]);
  }
  return blocks;
}

const bestFirst = (a: Match, b: Match): number => b.score - a.score || a.index - b.index;
