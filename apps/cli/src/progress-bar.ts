import { Presets, SingleBar } from "cli-progress";

/** How far the work is. */
export interface Progress {
  readonly texts: number;
  /** In the unit of the extent. */
  readonly position: number;
}

/** Shows progress, rate and time left in one line of a terminal. */
export interface ProgressDisplay extends Disposable {
  update(progress: Progress): void;
}

/** A bar, or for an unknown extent a count, on standard error. Short work never shows it. */
export function progressBar(extent: number | undefined): ProgressDisplay {
  const start = performance.now();
  let latest: Progress = { texts: 0, position: 0 };
  const line = (_options: unknown, { progress }: { progress: number }, { texts, position }: Progress): string => {
    const seconds = (performance.now() - start) / 1000;
    const counts = `${texts.toLocaleString("en")} texts, ${Math.round(texts / seconds).toLocaleString("en")} a second`;
    if (extent === undefined) return counts;
    const full = Math.round(barWidth * progress);
    const bar = "█".repeat(full) + "░".repeat(barWidth - full);
    const left = position > 0 ? `, ${clock((seconds * (extent - position)) / position)} left` : "";
    return `${bar} ${Math.floor(100 * progress)} %  ${counts}${left}`;
  };
  const bar = new SingleBar(
    { format: line, clearOnComplete: true, gracefulExit: false, fps: 5, etaBuffer: 1 },
    Presets.shades_classic,
  );
  const stop = (): void => {
    if (bar.isActive) bar.stop();
  };
  return {
    update(progress) {
      latest = progress;
      if (!bar.isActive) {
        if (performance.now() - start < patience) return;
        bar.start(extent ?? 1, extent === undefined ? 0 : progress.position, latest);
        process.once("exit", stop); // the bar turns line wrapping off
      }
      bar.update(extent === undefined ? 0 : progress.position, latest);
    },
    [Symbol.dispose]() {
      process.off("exit", stop);
      stop();
    },
  };
}

const barWidth = 30;
/** Milliseconds before the bar appears. */
const patience = 500;

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [first, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [first, ...rest.map((part) => String(part).padStart(2, "0"))].join(":");
}
