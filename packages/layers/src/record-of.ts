/** The fields of a JSON object; none for anything else, whose reader then misses what it needs and says so. */
export function recordOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
}
