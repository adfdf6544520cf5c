import { Presets, SingleBar } from "cli-progress";

/** A line at the bottom of a terminal that changes while work goes on. */
export interface LiveLine<State> extends Disposable {
  update(state: State): void;
}

/**
 * Shows on standard error what `show` makes of the latest state and the seconds since the start. Short work never shows
 * it, and nothing of it stays.
 */
export function liveLine<State>(show: (state: State, seconds: number) => string): LiveLine<State> {
  const start = performance.now();
  let latest: State | undefined;
  const format = (): string => (latest === undefined ? "" : show(latest, (performance.now() - start) / 1000));
  const bar = new SingleBar({ format, clearOnComplete: true, gracefulExit: false, fps: 5 }, Presets.shades_classic);
  const stop = (): void => {
    if (bar.isActive) bar.stop();
  };
  return {
    update(state) {
      latest = state;
      if (!bar.isActive) {
        if (performance.now() - start < patience) return;
        bar.start(1, 0);
        process.once("exit", stop); // the bar turns line wrapping off
      }
      bar.update(0);
    },
    [Symbol.dispose]() {
      process.off("exit", stop);
      stop();
    },
  };
}

/** Milliseconds before the line appears. */
const patience = 500;

/** A bar of a share from 0 to 1, with its percentage. */
export function shareBar(share: number): string {
  const full = Math.round(barWidth * share);
  return `${"█".repeat(full)}${"░".repeat(barWidth - full)} ${Math.floor(100 * share)} %`;
}

const barWidth = 30;

/** Seconds as a clock shows them: 4:05, 1:02:03. */
export function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [first, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [first, ...rest.map((part) => String(part).padStart(2, "0"))].join(":");
}
