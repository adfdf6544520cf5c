import { type Summary, summarize } from "../statistics.js";

/** Megabytes a second of rounds that took so many milliseconds for so many bytes each. */
export const speedsOf = (milliseconds: readonly number[], bytes: number): Summary =>
  summarize(milliseconds.map((time) => bytes / 1000 / time));
