import { codeOf, Failure, systemFailure } from "../failure.js";

/** What to throw for an error on the way to an output: what the system refused in words, anything else as it is. */
export function outputFailure(name: string, error: unknown): unknown {
  return error instanceof Failure || codeOf(error) === undefined ? error : systemFailure(name, error);
}
