/** How far two sides' vectors are the same. A benchmark of different answers is worthless. */
export interface Agreement {
  /** The largest difference of one element. */
  readonly difference: number;
  /** The lowest cosine of a text's two vectors. */
  readonly cosine: number;
}

/**
 * Between two lists of vectors, text by text; NaN where a NaN is.
 * @throws RangeError for lists, or vectors, of different lengths
 */
export function agreement(ours: readonly ArrayLike<number>[], theirs: readonly ArrayLike<number>[]): Agreement {
  const shape = (vectors: readonly ArrayLike<number>[]): string => `${vectors.length} × ${vectors[0]?.length ?? 0}`;
  if (shape(ours) !== shape(theirs)) {
    throw new RangeError(`agreement: needs the same vectors of either side, got ${shape(ours)} and ${shape(theirs)}`);
  }
  const texts = ours.map((vector, i) => agreementOfTwo(vector, theirs[i]!));
  return {
    difference: Math.max(...texts.map(({ difference }) => difference)),
    cosine: Math.min(...texts.map(({ cosine }) => cosine)),
  };
}

function agreementOfTwo(a: ArrayLike<number>, b: ArrayLike<number>): Agreement {
  let difference = 0;
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    difference = Math.max(difference, Math.abs(x - y));
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return { difference, cosine: product / Math.sqrt(squaresA * squaresB) };
}

/** Flat vectors apart. [texts, width] → texts of [width] */
export function vectorsIn(flat: Float32Array, texts: number): Float32Array[] {
  const width = flat.length / texts;
  return Array.from({ length: texts }, (_, i) => flat.subarray(i * width, (i + 1) * width));
}
