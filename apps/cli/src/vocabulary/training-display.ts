import type { TrainingProgress } from "@bertkit/tokenizer";
import type { CommonFlags } from "../flags.js";
import type { LiveLine } from "../terminal/live-line.js";
import { showsProgress } from "../terminal/shows-progress.js";

/** How far a training is, and its reading of the input. */
export interface TrainingState extends TrainingProgress {
  /** In the unit of the input's extent. */
  readonly position: number;
}

/** How far the training of a vocabulary is, for a person who watches. */
export async function trainingDisplay(
  extent: number | undefined,
  flags: CommonFlags,
): Promise<LiveLine<TrainingState> | undefined> {
  if (!showsProgress(flags)) return undefined;
  const { liveLine, shareBar } = await import("../terminal/live-line.js");
  const whole = (count: number): string => count.toLocaleString("en");
  return liveLine(({ phase, done, total, position }) => {
    if (phase === "reading") {
      const bar = extent ? `${shareBar(Math.min(position / extent, 1))}  ` : "";
      return `${bar}${whole(done)} texts read`;
    }
    const of = total === undefined ? "" : ` of ${whole(total)}`;
    const bar = total ? `${shareBar(Math.min(done / total, 1))}  ` : "";
    return `${bar}${whole(done)}${of} ${phase === "merging" ? "tokens made" : "words counted"}`;
  });
}
