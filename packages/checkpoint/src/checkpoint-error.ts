/**
 * Why a checkpoint could not be read or written.
 *
 * - `argument`: the call asks for what cannot be (an unknown name, rows outside the array, memory of the wrong kind).
 * - `missing`: there is no such file, folder or address.
 * - `io`: the system or the server refused or failed.
 * - `malformed`: the bytes break the rules of their format.
 * - `truncated`: the bytes end before they should.
 * - `changed`: the file is not the one that was opened.
 * - `unsupported`: sound, but of a kind this package does not read.
 * - `range`: a stored value does not fit the memory it should go to, or the other way round.
 * - `limit`: it would take more memory than allowed or available.
 * - `closed`: the checkpoint has been closed.
 */
export type CheckpointErrorCode =
  | "argument"
  | "missing"
  | "io"
  | "malformed"
  | "truncated"
  | "changed"
  | "unsupported"
  | "range"
  | "limit"
  | "closed";

/** The one error of this package: its message says what was wanted, what came and what to do; `code` is for programs. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";

  constructor(
    readonly code: CheckpointErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A name out of a file as an error message may show it: in quotes, control characters escaped, cut to 100 characters. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

/** What a caught value says of itself and of its cause; it may come from another realm, so `instanceof` is no help. */
export function reasonOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("message" in error)) return String(error);
  const cause = "cause" in error && error.cause !== undefined ? `: ${reasonOf(error.cause)}` : "";
  return `${String(error.message)}${cause}`;
}
