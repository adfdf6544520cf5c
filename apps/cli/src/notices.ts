/** Tells the person at the terminal, or whoever reads the log, without stopping. */
export function warn(sentence: string): void {
  process.stderr.write(`warning: ${sentence}\n`);
}
