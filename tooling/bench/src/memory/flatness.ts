import type { MemorySample } from "./loop-result.js";

/** How memory went on once everything that is made once was there. */
export interface Flatness {
  /** Growth a thousand texts over the second half, in bytes: the slope of the line nearest to the samples. */
  readonly growth: number;
  /** The largest of all samples, in bytes. */
  readonly peak: number;
}

/** Throws `RangeError` for fewer than two samples in the second half. */
export function flatness(samples: readonly MemorySample[]): Flatness {
  const half = samples.slice(Math.floor(samples.length / 2));
  if (half.length < 2)
    throw new RangeError(`flatness: needs at least two samples in the second half, got ${half.length}`);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanTexts, meanBytes] = [mean(half.map(({ texts }) => texts)), mean(half.map(({ resident }) => resident))];
  let [product, squares] = [0, 0];
  for (const { texts, resident } of half) {
    product += (texts - meanTexts) * (resident - meanBytes);
    squares += (texts - meanTexts) ** 2;
  }
  return { growth: (1000 * product) / squares, peak: Math.max(...samples.map(({ resident }) => resident)) };
}
