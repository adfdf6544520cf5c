/** The middle of a set of samples and how far its bulk reaches. */
export interface Summary {
  readonly median: number;
  readonly p10: number;
  readonly p90: number;
}

/** The value that a share of the samples lies below, linear between neighbours. Throws `RangeError` without samples. */
export function quantile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new RangeError("quantile: needs at least one sample, got none");
  const sorted = [...samples].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

export const summarize = (samples: readonly number[]): Summary => ({
  median: median(samples),
  p10: quantile(samples, 0.1),
  p90: quantile(samples, 0.9),
});

/**
 * How many times as fast as the rival: the rival's median time over ours, with the spread of the single rounds' ratios.
 * Sample i of either side comes from round i, so that what slowed the machine in a round slowed both.
 */
export function speedAgainst(rival: readonly number[], ours: readonly number[]): Summary {
  if (rival.length !== ours.length) {
    throw new RangeError(`speedAgainst: needs a sample of either side a round, got ${rival.length} and ${ours.length}`);
  }
  const ratios = rival.map((time, round) => time / ours[round]!);
  return { median: median(rival) / median(ours), p10: quantile(ratios, 0.1), p90: quantile(ratios, 0.9) };
}
