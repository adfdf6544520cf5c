import type { Backend } from "@bertkit/tensor";
import { openBackend } from "../devices.js";
import { macrotask } from "../macrotask.js";
import { Best } from "./best.js";
import { cosineError, UnitRows } from "./block-product.js";
import { checkThreshold, checkTop } from "./check-options.js";
import { rowScore, VectorBlock } from "./vector-block.js";

/** Two of the vectors, by where they stood, a < b, and their cosine. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly score: number;
}

export interface NearDuplicatesOptions {
  /** The least cosine of a pair. */
  readonly threshold: number;
  /** Pairs at most, the best. Without it all are found, and more than a million are an error. */
  readonly top?: number | undefined;
  /** Where to compute; it stays yours. By default the best there is, opened for this and closed after it. */
  readonly backend?: Backend | undefined;
  /** Stops between two blocks, some milliseconds each: the search then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each block with the number of pairs compared so far and of all there are. */
  readonly onProgress?: ((compared: number, pairs: number) => void) | undefined;
}

/** More pairs than a list can sensibly hold; `code` is TOO_MANY_PAIRS. */
export class TooManyPairsError extends Error {
  override readonly name = "TooManyPairsError";
  readonly code = "TOO_MANY_PAIRS";
}

/**
 * All pairs of vectors whose cosine is `threshold` or more, the best first and of equals by their places; each pair once.
 * `paraphrase_mining_embeddings` of sentence-transformers, but exhaustive. vectors × [width] → pairs
 *
 * Holds the vectors and the pairs in memory, and compares every vector with every other: the time grows with the square
 * of their number. Scores are in double precision, and the pairs are the same on every backend. A vector of zeros has
 * cosine 0 with any, one that has NaN or infinity is in no pair. Throws `ShapeError` where widths differ, `ConfigError`
 * for options that cannot be, `TooManyPairsError` past a million pairs where `top` sets no limit.
 */
export async function nearDuplicates(
  vectors: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  { threshold, top, backend, signal, onProgress }: NearDuplicatesOptions,
): Promise<Pair[]> {
  checkThreshold(threshold, "cosine");
  if (top !== undefined) checkTop(top);
  const blocks = await blocksOf(vectors, signal);
  using own = backend ? undefined : await openBackend();
  const found = new Best<Pair>(top ?? Infinity, bestFirst);
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  let compared = 0;
  for await (const area of areas(blocks, backend ?? own!)) {
    signal?.throwIfAborted();
    addPairs(found, area, threshold);
    const { left, right } = area;
    compared += left === right ? (left.rows * (left.rows - 1)) / 2 : left.rows * right.rows;
    onProgress?.(compared, (rows * (rows - 1)) / 2);
    await macrotask();
  }
  signal?.throwIfAborted();
  return found.sorted();
}

const mostPairs = 1_000_000;

/** Vectors of a block: its products with another block fit a second-level cache and take some milliseconds. */
const blockRows = 512;

async function blocksOf(
  vectors: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  signal: AbortSignal | undefined,
): Promise<VectorBlock[]> {
  const blocks: VectorBlock[] = [];
  let count = 0;
  for await (const vector of vectors) {
    let block = blocks.at(-1);
    if (!block || block.rows === blockRows) {
      signal?.throwIfAborted();
      if (block) await macrotask();
      block = new VectorBlock(block?.width ?? vector.length, blockRows);
      blocks.push(block);
    }
    block.add(vector, `vector ${count++}`);
  }
  return blocks;
}

/** The cosines of each vector of a block and each of another, or of the same. */
interface Area {
  readonly left: VectorBlock;
  readonly right: VectorBlock;
  /** Of their first vectors, among all. */
  readonly leftFirst: number;
  readonly rightFirst: number;
  /** [left.rows, right.rows] */
  readonly cosines: ArrayLike<number>;
}

async function* areas(blocks: readonly VectorBlock[], backend: Backend): AsyncGenerator<Area> {
  for (const [j, right] of blocks.entries()) {
    using rightUnit = new UnitRows(right, backend);
    for (const [i, left] of blocks.slice(0, j + 1).entries()) {
      using leftUnit = new UnitRows(left, backend);
      const cosines = await leftUnit.cosines(rightUnit);
      yield { left, right, leftFirst: i * blockRows, rightFirst: j * blockRows, cosines };
    }
  }
}

/** Scores only the pairs that, as far as float32 can tell, might be among the best. */
function addPairs(found: Best<Pair>, { left, right, leftFirst, rightFirst, cosines }: Area, threshold: number): void {
  const error = cosineError(left.width);
  let least = (found.last?.score ?? threshold) - error;
  for (let i = 0; i < left.rows; i++) {
    for (let j = left === right ? i + 1 : 0; j < right.rows; j++) {
      if (!(cosines[i * right.rows + j]! >= least)) continue;
      const score = rowScore("cosine", left, i, right, j);
      if (score < threshold) continue;
      found.add({ a: leftFirst + i, b: rightFirst + j, score });
      if (found.size > mostPairs && found.limit === Infinity) throw tooMany(threshold);
      least = (found.last?.score ?? threshold) - error;
    }
  }
}

function tooMany(threshold: number): TooManyPairsError {
  const count = mostPairs.toLocaleString("en");
  return new TooManyPairsError(
    `more than ${count} pairs have a cosine of ${threshold} or more: raise the threshold, or ask for the best with top`,
  );
}

const bestFirst = (a: Pair, b: Pair): number => b.score - a.score || a.a - b.a || a.b - b.b;
