import { CheckpointError, quoted } from "../checkpoint-error.js";

// What macOS puts beside the files into archives made on it.
const resourceForks = "__MACOSX";

/**
 * The files of an archive by their paths, without `./` and without what macOS adds.
 *
 * @throws CheckpointError `malformed` for a path that leads out of the archive's folder or comes twice.
 */
export function byCheckedPath<Member>(
  members: Iterable<readonly [name: string, member: Member]>,
  label: string,
): ReadonlyMap<string, Member> {
  const byPath = new Map<string, Member>();
  for (const [name, member] of members) {
    const path = checkedPath(name, label);
    if (path.startsWith(`${resourceForks}/`)) continue;
    if (byPath.has(path)) throw new CheckpointError("malformed", `${label}: two files are called ${quoted(path)}`);
    byPath.set(path, member);
  }
  return byPath;
}

/**
 * A path inside of an archive's folder, without `./`. Nothing is unpacked to a disk, so that no name can do harm; but
 * an archive with such a name is meant to.
 */
export function checkedPath(name: string, label: string): string {
  const parts = name.split("/").filter((part) => part !== ".");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a path.
  const isSound = parts.every((part) => part !== "" && part !== "..") && !/[\\\u0000-\u001f]|^[A-Za-z]:/.test(name);
  if (isSound && parts.length > 0) return parts.join("/");
  throw new CheckpointError("malformed", `${label}: ${quoted(name)} is no path inside of an archive's folder`);
}

/** The folder that everything in an archive is in, with a slash at its end; empty where there is none. */
export function topFolder(paths: Iterable<string>): string {
  let top: string | undefined;
  for (const path of paths) {
    const first = path.slice(0, path.indexOf("/") + 1);
    top ??= first;
    if (first !== top) return "";
  }
  return top ?? "";
}
