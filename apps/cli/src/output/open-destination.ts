import { type Destination, standardOutput } from "./destination.js";
import { fileDestination } from "./file-destination.js";

/**
 * Opens a file that appears when it is complete, or, for `-`, standard output.
 * @throws {Failure} where it cannot be written to.
 */
export async function openDestination(output: string, signal: AbortSignal): Promise<Destination> {
  return output === "-" ? standardOutput(signal) : await fileDestination(output, signal);
}
