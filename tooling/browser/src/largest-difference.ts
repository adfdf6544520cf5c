/** Of every number of a vector of length 1: engines differ in whether a product and a sum are rounded once or twice. */
export const tolerance = 1e-5;

/** The largest difference between two numbers at the same place. Infinity where there are not as many, or NaN. */
export function largestDifference(
  actual: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (const [i, vector] of actual.entries()) {
    const wanted = expected[i]!;
    if (vector.length !== wanted.length) return Number.POSITIVE_INFINITY;
    for (let j = 0; j < wanted.length; j++) {
      const difference = Math.abs(vector[j]! - wanted[j]!);
      if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    }
  }
  return largest;
}
