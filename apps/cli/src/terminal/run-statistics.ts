import { bytes } from "./show-bytes.js";

/** What a run came to. */
export interface RunCounts {
  readonly rows: number;
  /** How many of the rows an interrupted run had done before. */
  readonly resumed: number;
  readonly tokens: number;
}

/** Starts a clock; its text says how many texts and tokens there were, how fast, and with how much memory at most. */
export function runStatistics(): { text(counts: RunCounts, json: boolean): string } {
  const start = performance.now();
  return {
    text({ rows, resumed, tokens }, json) {
      const seconds = (performance.now() - start) / 1000;
      const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
      const textsPerSecond = (rows - resumed) / seconds;
      if (json) {
        const rounded = { seconds: Number(seconds.toFixed(3)), textsPerSecond: Number(textsPerSecond.toFixed(1)) };
        return `${JSON.stringify({ texts: rows, resumed, tokens, ...rounded, peakMemoryBytes })}\n`;
      }
      const whole = (value: number): string => Math.round(value).toLocaleString("en");
      const before = resumed > 0 ? ` (${whole(resumed)} of them before)` : "";
      const rate = `${seconds.toFixed(1)} s, ${whole(textsPerSecond)} texts a second`;
      return `${whole(rows)} texts${before}, ${whole(tokens)} tokens; ${rate}; peak memory ${bytes(peakMemoryBytes)}\n`;
    },
  };
}
