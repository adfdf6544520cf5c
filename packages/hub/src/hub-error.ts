/**
 * Why a model could not be had.
 *
 * - `argument`: the call asks for what cannot be.
 * - `name`: the text is no model's name.
 * - `not-found`: the hub has no such model, revision or file, or hides it from those who may not see it.
 * - `unauthorized`: the hub refused the token, or wants one.
 * - `gated`: the model's owners let in only those who have accepted their conditions.
 * - `offline`: it is not in the cache, and the network was not to be used.
 * - `rate-limited`: the hub wants a longer pause than is waited for.
 * - `network`: the hub or the way to it failed, several times over.
 * - `protocol`: what answered does not speak as a hub does.
 * - `corrupt`: bytes differ from what the hub's hashes say.
 * - `disk`: the cache could not be read or written.
 * - `unsupported`: not in this environment.
 */
export type HubErrorCode =
  | "argument"
  | "name"
  | "not-found"
  | "unauthorized"
  | "gated"
  | "offline"
  | "rate-limited"
  | "network"
  | "protocol"
  | "corrupt"
  | "disk"
  | "unsupported";

export interface HubErrorOptions extends ErrorOptions {
  readonly hint?: string | undefined;
  readonly suggestions?: readonly string[] | undefined;
}

/** The one error of this package: its message says what was wanted and what came, `hint` what to do. */
export class HubError extends Error {
  override readonly name = "HubError";
  /** What to do now, in a sentence. */
  readonly hint: string | undefined;
  /** Names of models that may have been meant, the closest first. */
  readonly suggestions: readonly string[];

  constructor(
    readonly code: HubErrorCode,
    message: string,
    { hint, suggestions = [], ...options }: HubErrorOptions = {},
  ) {
    super(message, options);
    this.hint = hint;
    this.suggestions = suggestions;
  }
}

/** What a caught value says of itself and of its cause; it may come from another realm, so `instanceof` is no help. */
export function reasonOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("message" in error)) return String(error);
  const cause = "cause" in error && error.cause !== undefined ? `: ${reasonOf(error.cause)}` : "";
  // Some systems' errors have a code and no words, such as an AggregateError of refused connections.
  const words = String(error.message) || codeOf(error) || "no reason given";
  return `${words}${cause}`;
}

/** The `code` of an error, where it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
