/**
 * Between two lists of numbers, element by element; NaN if there is a NaN. A benchmark of different answers is
 * worthless. Throws `RangeError` for lists of different lengths.
 */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`the two sides' vectors have ${a.length} and ${b.length} numbers`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
