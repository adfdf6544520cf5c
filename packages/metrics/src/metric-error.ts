/**
 * Why a score could not be computed.
 *
 * - `argument`: the call asks for what cannot be (a cutoff of 0, an unknown language).
 * - `length`: lists that belong together differ in length.
 * - `empty`: there is nothing to score, or too little for the score to mean anything.
 * - `value`: a value is not of the kind wanted (NaN, an answer that is no text, a tag outside its scheme).
 * - `missing_ids`: a question has no prediction, and the official script has no score for that.
 */
export type MetricErrorCode = "argument" | "length" | "empty" | "value" | "missing_ids";

/** The one error of this package: its message says what was wanted, what came and what to do; `code` is for programs. */
export class MetricError extends Error {
  override readonly name = "MetricError";

  constructor(
    readonly code: MetricErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Something of the caller's as an error message may show it: as JSON where it has any, cut to 60 characters. */
export function shown(value: unknown): string {
  const text = typeof value === "string" || typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** How many ids there are, and the first three of them. */
export function shownIds(ids: readonly string[]): string {
  const first = ids.slice(0, 3).map(shown).join(", ");
  return `${ids.length} (${first}${ids.length > 3 ? ", …" : ""})`;
}
