import type { CommonFlags } from "../flags.js";
import type { LiveLine } from "../terminal/live-line.js";
import { showsProgress } from "../terminal/shows-progress.js";

/** Pairs compared so far, of all there are. */
export interface Comparison {
  readonly compared: number;
  readonly pairs: number;
}

/** How far the comparing of all with all is, for a person who watches. */
export async function comparisonDisplay(flags: CommonFlags): Promise<LiveLine<Comparison> | undefined> {
  if (!showsProgress(flags)) return undefined;
  const { clock, liveLine, shareBar } = await import("../terminal/live-line.js");
  return liveLine(({ compared, pairs }, seconds) => {
    const left = clock((seconds * (pairs - compared)) / compared);
    return `${shareBar(compared / pairs)}  ${pairs.toLocaleString("en")} pairs to compare, ${left} left`;
  });
}
