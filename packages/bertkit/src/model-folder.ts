import { CheckpointError } from "@bertkit/checkpoint";
import { ConfigError } from "@bertkit/layers";

/** The files of a model, in a folder on disk or under an http(s) address. */
export interface ModelFolder {
  /** Its path or address: what messages call it, and what `openCheckpoint` opens. */
  readonly place: string;
  /** A folder inside; "" for itself. Throws `ConfigError` for a path that leads out. */
  folder(path: string): ModelFolder;
  /** A file's text; undefined where there is none. */
  readText(path: string): Promise<string | undefined>;
  /** A file's JSON; undefined where there is none. Throws `ConfigError` where it is not JSON. */
  readJson(path: string): Promise<unknown>;
}

export interface OpenFolderOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Throws `CheckpointError` where there is no such folder. */
export async function openModelFolder(model: string, { signal }: OpenFolderOptions = {}): Promise<ModelFolder> {
  const isAddress = /^https?:\/\//i.test(model);
  if (!isAddress) await expectFolder(model);
  return folderAt(model.replace(/\/+$/, ""), (place) =>
    isAddress ? fetchText(place, signal) : readFileText(place, signal),
  );
}

function folderAt(place: string, read: (place: string) => Promise<string | undefined>): ModelFolder {
  const at = (path: string): string => `${place}/${inside(path)}`;
  const readText = async (path: string): Promise<string | undefined> => read(at(path));
  return {
    place,
    folder: (path) => (path === "" ? folderAt(place, read) : folderAt(at(path), read)),
    readText,
    async readJson(path) {
      const text = await readText(path);
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text);
      } catch (error) {
        throw new ConfigError(at(path), [`it is not JSON: ${(error as Error).message}`]);
      }
    },
  };
}

/** Refuses paths, taken from a model's own files, that lead out of its folder. */
function inside(path: string): string {
  if (path.startsWith("/") || /(^|[/\\])\.\.([/\\]|$)/.test(path) || /^[a-z]:/i.test(path)) {
    throw new ConfigError("modules.json", [`the path ${JSON.stringify(path)} leads out of the model's folder`]);
  }
  return path;
}

async function expectFolder(path: string): Promise<void> {
  const { stat } = fileSystem();
  const info = await stat(path).catch(() => undefined);
  if (!info) throw new CheckpointError("missing", `there is no folder ${path}: a model is a folder with a config.json`);
  if (!info.isDirectory()) {
    throw new CheckpointError("argument", `${path} is a file: name the folder it lies in, with its config.json`);
  }
}

async function readFileText(path: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { readFile } = fileSystem();
  try {
    return await readFile(path, { encoding: "utf8", signal });
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    signal?.throwIfAborted();
    throw new CheckpointError("io", `${path} cannot be read: ${(error as Error).message}`);
  }
}

async function fetchText(address: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const response = await fetch(address, { signal: signal ?? null }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new CheckpointError("io", `${address} cannot be fetched: ${(error as Error).message}`);
  });
  if (response.status === 404 || response.status === 410) return undefined;
  if (!response.ok) throw new CheckpointError("io", `${address} cannot be fetched: status ${response.status}`);
  return response.text();
}

/** Node's files, asked for where they are needed, so that a bundle for browsers has nothing of Node's to resolve. */
function fileSystem(): typeof import("node:fs/promises") {
  const builtIn = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  if (!builtIn)
    throw new CheckpointError("unsupported", "there are no folders here: name the model by its http(s) address");
  return builtIn;
}
