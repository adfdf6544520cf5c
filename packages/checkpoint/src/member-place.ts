import type { ByteSource } from "./bytes/byte-source.js";
import { CheckpointError, quoted } from "./checkpoint-error.js";
import type { Place } from "./place.js";

/** A file that is no file of the system: in an archive, or chosen in a dialog. */
export interface Member {
  open(signal?: AbortSignal): Promise<ByteSource>;
}

/** A place among files known by their paths, such as an archive's; the path of the folder that all are in is empty. */
export function memberPlace(label: string, members: ReadonlyMap<string, Member>, path = ""): Place {
  const at = (other: string) => memberPlace(label, members, other);
  const folder = path === "" ? "" : `${path}/`;
  const parent = path.slice(0, path.lastIndexOf("/") + 1);
  const own = path === "" ? label : `${label}: ${quoted(path)}`;
  const inside = () => [...members.keys()].filter((name) => name.startsWith(folder));
  return {
    label: own,
    fileName: path.slice(parent.length),
    isFolder: async () => !members.has(path) && inside().length > 0,
    list: async () => [...new Set(inside().map((name) => name.slice(folder.length).split("/", 1)[0]!))],
    child: (name) => at(folder + name),
    sibling: (name) => at(parent + name),
    async open(signal) {
      const member = members.get(path);
      if (member === undefined) throw new CheckpointError("missing", `${label} has no file ${quoted(path)}`);
      return member.open(signal);
    },
  };
}
