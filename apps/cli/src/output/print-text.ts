import { standardOutput } from "./destination.js";

/** Writes a text to standard output, and waits until it has left. */
export async function printText(text: string, signal: AbortSignal): Promise<void> {
  const output = standardOutput(signal);
  await output.write(text);
  await output.complete();
}
