import { parseModelName } from "../../model-name.js";
import type { NodeModules } from "../../node-modules.js";
import type { CachedModel, ModelCache } from "../model-cache.js";
import { placeOf } from "./node-place.js";
import { NodeRepo } from "./node-repo.js";
import { describeSnapshots } from "./snapshots.js";

/**
 * A folder that models are kept in as Python's huggingface_hub keeps them, so that either uses what the other fetched.
 */
export function openNodeCache(node: NodeModules, cacheFolder: string): ModelCache {
  return {
    place: cacheFolder,
    model: (name) => new NodeRepo(placeOf(node, cacheFolder, name)),
    async list() {
      const entries = await node.files.readdir(cacheFolder, { withFileTypes: true }).catch(() => []);
      const models: CachedModel[] = [];
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const name = /^models--(.+)$/.exec(entry.name)?.[1]?.replaceAll("--", "/");
        if (name === undefined || !entry.isDirectory() || !parseModelName(name)) continue;
        const place = placeOf(node, cacheFolder, name);
        const { commits, bytes } = await describeSnapshots(place);
        if (commits.length > 0) models.push({ name, folder: place.folder, bytes, commits });
      }
      return models;
    },
  };
}
