import { clock, type LiveLine, liveLine, shareBar } from "./live-line.js";

/** How far the work is. */
export interface Progress {
  readonly texts: number;
  /** In the unit of the extent. */
  readonly position: number;
}

/** Shows progress, rate and time left in one line of a terminal. */
export type ProgressDisplay = LiveLine<Progress>;

/** A bar, or for an unknown extent a count, of texts. */
export function progressBar(extent: number | undefined): ProgressDisplay {
  let start: number | undefined; // a resumed run does not start at 0
  return liveLine(({ texts, position }, seconds) => {
    start ??= position;
    const counts = `${texts.toLocaleString("en")} texts, ${Math.round(texts / seconds).toLocaleString("en")} a second`;
    if (!extent) return counts;
    const left = position > start ? `, ${clock((seconds * (extent - position)) / (position - start))} left` : "";
    return `${shareBar(Math.min(position / extent, 1))}  ${counts}${left}`;
  });
}
