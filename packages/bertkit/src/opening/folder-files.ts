import { CheckpointError, openCheckpoint } from "@bertkit/checkpoint";
import { fileSystem, type ModelFiles } from "./model-folder.js";

/** Whether a text is an http(s) address. */
export const isAddress = (text: string): boolean => /^https?:\/\//i.test(text);

/** The files in a folder on disk (Node only), or under an http(s) address. */
export function filesOf(folder: string, signal: AbortSignal | undefined): ModelFiles {
  const read = isAddress(folder) ? fetchText : readFileText;
  return {
    place: isAddress(folder) ? labelOf(folder) : withoutSlash(folder),
    readText: (path) => read(fileIn(folder, path), signal),
    openCheckpoint: (path, stop) => openCheckpoint(fileIn(folder, path), { signal: stop }),
  };
}

/** A file or folder inside a folder, "" for itself; an address's query, which may sign it, stays at its end. */
export function fileIn(folder: string, path: string): string {
  const end = path === "" ? "" : `/${path}`;
  if (!isAddress(folder)) return (folder.length > 1 ? withoutSlash(folder) : folder) + end;
  const url = new URL(folder);
  url.pathname = withoutSlash(url.pathname) + end;
  return url.href;
}

/** The folder that a file lies in, and its name there. */
export function splitFile(path: string): { readonly folder: string; readonly name: string } {
  if (isAddress(path)) {
    const url = new URL(path);
    const end = url.pathname.lastIndexOf("/");
    const name = url.pathname.slice(end + 1);
    url.pathname = url.pathname.slice(0, end);
    return { folder: url.href, name };
  }
  const windows = globalThis.process?.platform === "win32";
  const end = Math.max(path.lastIndexOf("/"), windows ? path.lastIndexOf("\\") : -1);
  return { folder: end < 0 ? "." : path.slice(0, end) || "/", name: path.slice(end + 1) };
}

/** What messages call an address: without its query, which may hold a signature or a token. */
function labelOf(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + withoutSlash(pathname);
}

const withoutSlash = (path: string): string => path.replace(/\/+$/, "") || path.slice(0, 1);

async function fetchText(address: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const label = labelOf(address);
  const response = await fetch(address, { signal: signal ?? null }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new CheckpointError("io", `${label} cannot be fetched: ${(error as Error).message}`);
  });
  if (response.status === 404 || response.status === 410) return undefined;
  if (!response.ok) throw new CheckpointError("io", `${label} cannot be fetched: status ${response.status}`);
  return response.text();
}

async function readFileText(path: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { readFile } = fileSystem(path);
  try {
    return await readFile(path, { encoding: "utf8", signal });
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    signal?.throwIfAborted();
    throw new CheckpointError("io", `${path} cannot be read: ${(error as Error).message}`);
  }
}
