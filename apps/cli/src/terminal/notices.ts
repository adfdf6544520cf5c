import { paint } from "./colors.js";

/** Tells the person at the terminal, or whoever reads the log, without stopping. */
export function warn(sentence: string): void {
  process.stderr.write(`${paint("yellow", "warning:", process.stderr)} ${sentence}\n`);
}

/** The same for what is no cause for worry. */
export function note(sentence: string): void {
  process.stderr.write(`${paint("dim", "note:", process.stderr)} ${sentence}\n`);
}
