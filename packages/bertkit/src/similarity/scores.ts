import { ShapeError } from "@bertkit/tensor";

/** How alike two vectors are: the cosine of the angle between them, -1 to 1, or their dot product, any number. */
export type Score = "cosine" | "dot";

/** Every {@link Score}. */
export const scores: readonly Score[] = ["cosine", "dot"];

/** Σ a[i] · b[i] in double precision. [width], [width] → a number. Throws `ShapeError` where the widths differ. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    throw new ShapeError(`a vector of ${a.length} numbers cannot be compared with one of ${b.length}`);
  }
  return rowProduct(a, 0, b, 0, a.length);
}

/**
 * The cosine of the angle between two vectors, in double precision; 0 where one is all zeros, exactly 1 where both are
 * the same. [width], [width] → -1 to 1. Throws `ShapeError` where the widths differ.
 */
export function cosineSimilarity(a: Float32Array, b: Float32Array): number {
  return cosineOf(dotProduct(a, b), dotProduct(a, a), dotProduct(b, b));
}

export interface PairScoresOptions {
  /** By default the cosine. */
  readonly score?: Score | undefined;
}

/**
 * How alike the first vectors are, the second ones, and so on, in double precision: `pairwise_cos_sim` and
 * `pairwise_dot_score` of sentence-transformers. n × [width], n × [width] → [n]
 * Throws `ShapeError` where there are more of one than of the other, or where widths differ.
 */
export function pairScores(
  a: readonly Float32Array[],
  b: readonly Float32Array[],
  { score = "cosine" }: PairScoresOptions = {},
): Float64Array {
  if (a.length !== b.length) throw new ShapeError(`pairScores: ${a.length} vectors cannot be paired with ${b.length}`);
  const scoreOf = score === "dot" ? dotProduct : cosineSimilarity;
  return Float64Array.from(a, (vector, i) => scoreOf(vector, b[i]!));
}

/** The cosine from a dot product and the dot product of each side with itself. */
export function cosineOf(product: number, squareOfA: number, squareOfB: number): number {
  if (squareOfA === 0 || squareOfB === 0) return 0;
  // One root of both: of a vector and itself it is the square to the bit, so that their cosine is 1. Float32 numbers have
  // squares from 1e-90 to 1e77, so that nothing here is too large or too small for a double.
  return Math.max(-1, Math.min(1, product / Math.sqrt(squareOfA * squareOfB)));
}

/**
 * The dot product of `width` numbers of `a` from `fromA` on and of `b` from `fromB` on, in double precision. Four sums
 * side by side, since the processor can then add without waiting; their order is always the same.
 */
export function rowProduct(a: Float32Array, fromA: number, b: Float32Array, fromB: number, width: number): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < width; i += 4) {
    first += a[fromA + i]! * b[fromB + i]!;
    second += a[fromA + i + 1]! * b[fromB + i + 1]!;
    third += a[fromA + i + 2]! * b[fromB + i + 2]!;
    fourth += a[fromA + i + 3]! * b[fromB + i + 3]!;
  }
  for (; i < width; i++) first += a[fromA + i]! * b[fromB + i]!;
  return first + second + (third + fourth);
}
