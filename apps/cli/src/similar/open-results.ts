import type { Destination } from "../output/destination.js";
import { openDestination } from "../output/open-destination.js";
import type { ResultFlags } from "./result-forms.js";

/** Where results go, and how wide it is. */
export interface Results extends Destination {
  /** Of the terminal; 80 where it is none, or does not know. */
  readonly columns: number;
}

/**
 * Opens the file that the flags name, else standard output.
 * @throws {Failure} where it cannot be written to.
 */
export async function openResults({ output = "-" }: ResultFlags, signal: AbortSignal): Promise<Results> {
  return { ...(await openDestination(output, signal)), columns: process.stdout.columns || 80 };
}
