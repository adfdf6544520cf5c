import type { ByteSource } from "./bytes/byte-source.js";
import { asCheckpointError, fileBytes } from "./bytes/file-bytes.js";
import { fileSystem } from "./bytes/file-system.js";
import { type FetchOptions, labelOf, urlBytes } from "./bytes/url-bytes.js";

/** A file that may have neighbours: what a path or a web address names. */
export interface Place {
  /** What error messages call it. */
  readonly label: string;
  /** The last part of the path, without a query. */
  readonly fileName: string;
  isFolder(): Promise<boolean>;
  /** The names of what lies in this folder; undefined where they cannot be had, as on the web. */
  list(): Promise<readonly string[] | undefined>;
  /** A file in this folder. */
  child(name: string): Place;
  /** A file in the same folder as this one. */
  sibling(name: string): Place;
  open(signal?: AbortSignal): Promise<ByteSource>;
}

/** A place in the file system. Node only. */
export function pathPlace(path: string): Place {
  const fileName = path.slice(lastSeparator(path) + 1);
  return {
    label: path,
    fileName,
    async isFolder() {
      try {
        return (await fileSystem(path).stat(path)).isDirectory();
      } catch (error) {
        throw asCheckpointError(error, path);
      }
    },
    async list() {
      return fileSystem(path)
        .readdir(path)
        .catch((error: unknown) => {
          throw asCheckpointError(error, path);
        });
    },
    child: (name) => pathPlace(/[/\\]$/.test(path) ? path + name : `${path}/${name}`),
    sibling: (name) => pathPlace(path.slice(0, lastSeparator(path) + 1) + name),
    open: () => fileBytes(path),
  };
}

// How files end that are checkpoints, parts of one or archives; TensorFlow's have the step behind it.
const fileEnding =
  /\.(safetensors|json|bin|pt|pth|pkl|pickle|npz|npy|index|zip|tar|gz|tgz|ckpt(-\d+)?|data-\d+-of-\d+)$/i;

/**
 * A place on the web. As one cannot ask whether an address is a folder, those that do not end as files of checkpoints do
 * are taken for one. A query (a signature, say) is kept for the files beside it.
 */
export function urlPlace(url: URL, options: FetchOptions): Place {
  const fileName = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  const inFolder = (folder: string, name: string) => {
    const moved = new URL(url);
    moved.pathname = `${folder}/${encodeURIComponent(name)}`;
    return urlPlace(moved, options);
  };
  return {
    label: labelOf(url),
    fileName,
    isFolder: async () => !fileEnding.test(fileName),
    list: async () => undefined,
    child: (name) => inFolder(url.pathname.replace(/\/+$/, ""), name),
    sibling: (name) => inFolder(url.pathname.slice(0, url.pathname.lastIndexOf("/")), name),
    open: (signal) => urlBytes(url, options, signal),
  };
}

function lastSeparator(path: string): number {
  // A backslash separates on Windows only; elsewhere it may be part of a name.
  const windows = globalThis.process?.platform === "win32";
  return Math.max(path.lastIndexOf("/"), windows ? path.lastIndexOf("\\") : -1);
}
