import { type Tolerance, tolerances } from "./tolerances.js";

/** The largest |actual − expected|; NaN where only one side is NaN, Infinity where the lengths differ. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (Number.isNaN(difference)) return Number.NaN;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/**
 * Throws unless |actual − expected| ≤ tolerance · max(1, |expected|) everywhere, naming the worst element. NaN is
 * close to NaN only, an infinity to itself only.
 * @param tolerance a name from `tolerances`, or a number where a reference states its own
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance | number,
  what = "values",
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: ${actual.length} numbers where ${expected.length} were expected`);
  }
  const limit = typeof tolerance === "number" ? tolerance : tolerances[tolerance];
  let worst = -1;
  let excess = 0;
  for (let i = 0; i < actual.length; i++) {
    if (Object.is(actual[i], expected[i])) continue;
    const error = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    const size = Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
    if (size > limit && size > excess) {
      worst = i;
      excess = size;
    }
  }
  if (worst >= 0) {
    throw new Error(
      `${what}: element ${worst} is ${actual[worst]}, expected ${expected[worst]} ` +
        `(off by ${excess.toExponential(2)}, allowed ${limit.toExponential(0)})`,
    );
  }
}
