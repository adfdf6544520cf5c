import { codeOf, HubError } from "../../hub-error.js";
import type { NodeModules } from "../../node-modules.js";

/** The folders of one model in a cache on disk, laid out as Python's huggingface_hub does. */
export interface NodePlace {
  readonly node: NodeModules;
  /** `models--namespace--name`. */
  readonly folder: string;
  readonly blobs: string;
  readonly snapshots: string;
  readonly refs: string;
  /** Empty files that say: the commit has no file of that path. */
  readonly noExist: string;
  /** The listings that huggingface_hub keeps, by commit. */
  readonly trees: string;
  /** Of this package alone; huggingface_hub looks at none of it. */
  readonly own: string;
}

export function placeOf(node: NodeModules, cacheFolder: string, name: string): NodePlace {
  const folder = node.path.join(cacheFolder, `models--${name.replaceAll("/", "--")}`);
  const inside = (child: string) => node.path.join(folder, child);
  return {
    node,
    folder,
    blobs: inside("blobs"),
    snapshots: inside("snapshots"),
    refs: inside("refs"),
    noExist: inside(".no_exist"),
    trees: inside("trees"),
    own: inside(".bertkit"),
  };
}

/** What the system refused, with what to do about it. */
export function diskError(error: unknown, what: string): unknown {
  const code = codeOf(error);
  if (code === undefined || error instanceof HubError) return error;
  const full = code === "ENOSPC" || code === "EDQUOT";
  const refused = code === "EACCES" || code === "EPERM" || code === "EROFS";
  if (!full && !refused && !/^E[A-Z0-9]+$/.test(code)) return error;
  const reason = full ? "there is no room left" : refused ? "it may not be written" : (error as Error).message;
  const hint = full
    ? "Make room (bertkit models list shows what the cache holds), or let HF_HUB_CACHE name a folder on another disk."
    : "Correct its owner and permissions, or let HF_HUB_CACHE name another folder.";
  return new HubError("disk", `${what}: ${reason}`, { hint, cause: error });
}
