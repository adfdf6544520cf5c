import { CheckpointError, type CheckpointSource } from "@bertkit/checkpoint";
import { ConfigError } from "@bertkit/layers";

/** The files of a model: in a folder on disk or in an archive, under an http(s) address, or of a model on the hub. */
export interface ModelFolder {
  /** Its path, address or name: what messages call it. */
  readonly place: string;
  /** A folder inside; "" for itself. Throws `ConfigError` for a path that leads out. */
  folder(path: string): ModelFolder;
  /** A file's text; undefined where there is none. */
  readText(path: string): Promise<string | undefined>;
  /** A file's JSON; undefined where there is none. Throws `ConfigError` where it is not JSON. */
  readJson(path: string): Promise<unknown>;
  /** Its weights. Throws `CheckpointError` where there are none, or none that can be read. */
  openCheckpoint(signal?: AbortSignal): Promise<CheckpointSource>;
}

/** Where a folder's files come from: one for each kind of place. Paths are relative to the model's own folder. */
export interface ModelFiles {
  readonly place: string;
  readText(path: string): Promise<string | undefined>;
  /** The weights in a folder inside; "" for the model's own. */
  openCheckpoint(path: string, signal?: AbortSignal): Promise<CheckpointSource>;
}

/** A model's files as a folder. */
export function folderOf(files: ModelFiles, inner = ""): ModelFolder {
  const at = (path: string): string => (inner === "" ? inside(path) : `${inner}/${inside(path)}`);
  const readText = async (path: string): Promise<string | undefined> => files.readText(at(path));
  return {
    place: inner === "" ? files.place : `${files.place}/${inner}`,
    folder: (path) => folderOf(files, path === "" ? inner : at(path)),
    readText,
    async readJson(path) {
      const text = await readText(path);
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text);
      } catch (error) {
        throw new ConfigError(`${files.place}/${at(path)}`, [`it is not JSON: ${(error as Error).message}`]);
      }
    },
    openCheckpoint: (signal) => files.openCheckpoint(inner, signal),
  };
}

/** The same, and the texts that were read from it so far by their paths: what loading needs is what it reads. */
export function notingTexts(files: ModelFiles): {
  readonly folder: ModelFolder;
  readonly texts: ReadonlyMap<string, string>;
} {
  const texts = new Map<string, string>();
  const folder = folderOf({
    ...files,
    async readText(path) {
      const text = await files.readText(path);
      if (text !== undefined) texts.set(path, text);
      return text;
    },
  });
  return { folder, texts };
}

/** Refuses paths, taken from a model's own files, that lead out of its folder. */
function inside(path: string): string {
  if (path.startsWith("/") || /(^|[/\\])\.\.([/\\]|$)/.test(path) || /^[a-z]:/i.test(path)) {
    throw new ConfigError("modules.json", [`the path ${JSON.stringify(path)} leads out of the model's folder`]);
  }
  return path;
}

/** Node's files, asked for where they are needed, so that a bundle for browsers has nothing of Node's to resolve. */
export function fileSystem(path: string): typeof import("node:fs/promises") {
  const builtIn = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  if (builtIn) return builtIn;
  throw new CheckpointError(
    "unsupported",
    `${path}: there are no folders here; name a model of the hub, or an address`,
  );
}
