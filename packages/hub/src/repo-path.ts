import { HubError } from "./hub-error.js";

/**
 * Whether a path within a repository stays inside it on every system: no `..`, nothing absolute, no backslash, no
 * drive, no control character, and none of the names that Windows keeps for devices' streams.
 */
export function isSafePath(path: string): boolean {
  if (path.length === 0 || path.length > 1000) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a path.
  if (/[\u0000-\u001f\u007f\\:]/.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && part.length <= 255);
}

/** Throws `HubError` `argument` for a path that {@link isSafePath} refuses. */
export function expectSafePath(path: string): string {
  if (isSafePath(path)) return path;
  const shown = JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}…` : path);
  throw new HubError("argument", `${shown} is not the path of a file inside a repository`);
}
